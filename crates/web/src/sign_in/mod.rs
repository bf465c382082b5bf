//! Signing in. At a development server with one click as one of the demo's people; elsewhere at the
//! issuer of one's own organisation.

mod issuer;
mod pending;
mod renewal;
pub mod routes;

use std::fmt;
use std::time::Instant;

use crate::api::{Api, Failure};
use crate::session::Person;

pub use pending::PendingSignIns;
pub use renewal::{NotRenewed, Renewal};

use renewal::By;

/// An access token, and how the next one is got; none if the issuer gives no other.
#[derive(Debug)]
pub struct Issued {
    /// The access token.
    pub token: String,
    /// How the next one is got.
    pub renewal: Option<Renewal>,
}

/// How people sign in at this server.
#[derive(Clone, Debug)]
pub enum SignInWith {
    /// As one of the demo's people, with a token of the development issuer.
    Development(Development),
    /// At the issuer of their organisation, through the page program that it registered.
    Issuers(Vec<Program>),
}

/// The people and the cases of the demo.
#[derive(Clone, Debug, Default)]
pub struct Development {
    /// The people.
    pub people: Vec<DemoPerson>,
    /// The cases.
    pub cases: Vec<DemoCase>,
    /// The case that the start page shows through the eyes of each partner.
    pub showcase: Option<Showcase>,
}

/// A case that is shown through the eyes of these people, by their numbers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Showcase {
    /// The case.
    pub trajectory: String,
    /// The people.
    pub people: Vec<usize>,
}

/// A case of the demo.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DemoCase {
    /// Its id.
    pub trajectory: String,
    /// The invented client.
    pub client: String,
    /// What happens in it, in Dutch.
    pub dutch: String,
    /// The same in English.
    pub english: String,
    /// Who takes part in it, by their numbers.
    pub people: Vec<usize>,
}

/// A person of the demo.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DemoPerson {
    /// How the person is addressed.
    pub name: String,
    /// The program of the organisation.
    pub client: String,
    /// The pseudonym of the person.
    pub actor: String,
    /// The role.
    pub role: String,
    /// The one trajectory of a client.
    pub trajectory: Option<String>,
}

/// The page program of an organisation: an OAuth 2 client of its issuer, with which its people sign in
/// on this page.
#[derive(Clone)]
pub struct Program {
    /// Its name in addresses.
    pub key: String,
    /// The name of the organisation, as people know it.
    pub name: String,
    /// The code of the organisation.
    pub organisation: String,
    /// The address of its issuer.
    pub issuer: String,
    /// Its `client_id` there.
    pub client_id: String,
    /// Its secret there; a program without one relies on PKCE alone.
    pub secret: Option<String>,
    /// What it asks for, beside `openid`.
    pub scope: String,
}

impl fmt::Debug for Program {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Program")
            .field("key", &self.key)
            .field("issuer", &self.issuer)
            .finish_non_exhaustive()
    }
}

/// What a person of the demo may do through the page.
const SCOPES: &str = "trajectories:read trajectories:report figures:read";

/// For what a person in this role works with a case.
fn purpose(role: &str) -> &'static str {
    match role {
        "client" => "own-case",
        "housing-corporation" | "nuisance-officer" => "tenancy",
        "matching-point" => "matching",
        "municipality" => "policy",
        "wmo-consultant" => "wmo-support",
        "auditor" => "supervision",
        _ => "guidance",
    }
}

impl DemoPerson {
    /// The person with this number of the demo, with a token.
    ///
    /// # Errors
    /// If the issuer does not give one.
    pub async fn sign_in(&self, api: &Api, number: usize) -> Result<(Person, Option<Renewal>), Failure> {
        let Issued { token, renewal } = self.issued(api, number).await?;
        let (name, organisation, role) = (self.name.clone(), self.client.clone(), self.role.clone());
        Ok((Person { name, organisation, role, token }, renewal))
    }

    /// A token of the development issuer for this person.
    ///
    /// # Errors
    /// If the issuer does not give one.
    async fn issued(&self, api: &Api, number: usize) -> Result<Issued, Failure> {
        // The access log is for the client and the client's provider, and an auditor proves things.
        let audit = if ["auditor", "client", "guide", "care-provider"].contains(&self.role.as_str()) {
            " audit:read"
        } else {
            ""
        };
        let scope = format!("{SCOPES}{audit}");
        let mut form = vec![
            ("grant_type", "client_credentials"),
            ("client_id", &self.client),
            ("actor", &self.actor),
            ("role", &self.role),
            ("scope", &scope),
            ("purpose", purpose(&self.role)),
        ];
        if let Some(trajectory) = &self.trajectory {
            form.push(("trajectory", trajectory));
        }
        let (token, life) = api.development_token(&form).await?;
        let renewal = Some(Renewal::of(By::DemoPerson(number), Instant::now(), life));
        Ok(Issued { token, renewal })
    }
}

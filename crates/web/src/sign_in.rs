//! Signing in. At a development server with one click as one of the demo's people; elsewhere at the
//! issuer of one's own organisation.

use crate::api::{Api, Failure};
use crate::session::Person;

/// How people sign in at this server.
#[derive(Clone, Debug)]
pub enum SignInWith {
    /// As one of these people, with a token of the development issuer.
    Development(Vec<DemoPerson>),
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

/// What a person of the demo may do through the page.
const SCOPES: &str = "trajectories:read trajectories:report figures:read";

impl DemoPerson {
    /// The person with a token.
    ///
    /// # Errors
    /// If the issuer does not give one.
    pub async fn sign_in(&self, api: &Api) -> Result<Person, Failure> {
        let audit = if self.role == "auditor" { " audit:read" } else { "" };
        let scope = format!("{SCOPES}{audit}");
        let mut form = vec![
            ("grant_type", "client_credentials"),
            ("client_id", &self.client),
            ("actor", &self.actor),
            ("role", &self.role),
            ("scope", &scope),
        ];
        if let Some(trajectory) = &self.trajectory {
            form.push(("trajectory", trajectory));
        }
        let token = api.development_token(&form).await?;
        let (name, organisation, role) = (self.name.clone(), self.client.clone(), self.role.clone());
        Ok(Person { name, organisation, role, token })
    }
}

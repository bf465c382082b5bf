//! `omklap partner mend`: it writes the rows of an organisation again as the ledger says.

use std::collections::{BTreeMap, BTreeSet};
use std::error::Error;

use clap::Args;
use omklap_domain::ids::OrganisationId;
use omklap_domain::organisation::OrganisationKind;
use omklap_store::organisations::{Mended, Mending};

use super::Partners;
use super::given::contact;
use super::shown::{Change, explained, show};
use crate::cli::language::of_two;
use crate::cli::words::{Who, kept_code, kept_text};
use crate::http::organisations::OrganisationBody;
use crate::jobs::restored_copy;

/// Write an organisation again as it was registered, after somebody changed it in the database
///
/// The ledger has everything but the name and the contact points, of which it has only a mark: give the
/// registered ones if they were changed, or others to register those. A program that nobody registered is
/// disabled.
#[derive(Debug, Args)]
pub(super) struct Mend {
    /// The code of the organisation
    #[arg(value_name = "ORGANISATION", value_parser = kept_code::<OrganisationId>)]
    organisation: OrganisationId,
    /// What people call it, if that was changed
    #[arg(long, value_parser = kept_text)]
    name: Option<String>,
    /// How to reach a desk, such as `nuisance-desk=020 555 0100`; all of them, if one was changed
    #[arg(long, value_name = "DESK=TEXT", value_parser = contact)]
    contact: Vec<(String, String)>,
    #[command(flatten)]
    who: Who,
}

impl Mend {
    /// The person who runs the command.
    pub(super) fn actor(&self) -> &str {
        &self.who.actor
    }

    pub(super) async fn run(self, partners: &Partners<'_>) -> Result<(), Box<dyn Error>> {
        let (operator, id) = (partners.operator, &self.organisation);
        restored_copy::is_the_real_one(&operator.pool()).await?;
        let contact_points = self.contact.into_iter().collect();
        if let Some(unfit) = unfit(self.name.as_deref(), &contact_points) {
            return Err(unfit.into());
        }
        let access = operator.line_registering(id.clone());
        let mending = Mending {
            id,
            name: self.name,
            contact_points,
            metadata: &operator.metadata(&access),
            access: &access,
            now: operator.clock.now(),
        };
        let why_not = match operator.ledger.mend_organisation(mending).await? {
            Mended::AsRegistered(organisation) => {
                show(&organisation, Some(Change::Mended));
                return Ok(());
            }
            Mended::NeverRegistered if matches!(partners.organisations.get(id).await, Ok(None)) => {
                partners.unknown(id).await?
            }
            Mended::NeverRegistered => of_two(
                format!("nobody registered {id}: the owner of the tables removes its row"),
                format!("niemand heeft {id} geregistreerd: de eigenaar van de tabellen verwijdert de rij"),
            ),
            Mended::DetailsUnknown => of_two(
                format!(
                    "the name or the contact points of {id} were changed: give them with --name and --contact"
                ),
                format!("naam of contactpunten van {id} zijn gewijzigd: geef ze met --name en --contact"),
            ),
        };
        Err(why_not.into())
    }
}

/// What of a name and contact points cannot be registered, in the words of `omklap partner add`.
fn unfit(name: Option<&str>, contact_points: &BTreeMap<String, String>) -> Option<String> {
    let body = OrganisationBody {
        kind: OrganisationKind::CareProvider,
        name: name.unwrap_or("-").to_owned(),
        regions: BTreeSet::new(),
        contact_points: contact_points.clone(),
        clients: Vec::new(),
        disabled: false,
    };
    let mut unfit = body.not_as_published();
    if unfit.is_empty() {
        unfit = body.nothing_visible();
    }
    (!unfit.is_empty()).then(|| explained(&body, &unfit))
}

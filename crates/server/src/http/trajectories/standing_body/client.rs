//! The client, as JSON.

use omklap_domain::text::PrivateText;
use omklap_domain::trajectory::fact::Fact;
use serde::Serialize;
use utoipa::ToSchema;

/// The client, as in the opening fact. Dutch: *cliënt*. A text that was erased is absent.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Client)]
pub(in crate::http::trajectories) struct ClientBody {
    /// The name.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    name: Option<String>,
    /// How to reach the client.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    contact: Option<String>,
}

impl ClientBody {
    /// The client of an opening fact, its texts decrypted; none for any other fact.
    pub(in crate::http::trajectories) fn of(opening: Fact) -> Option<Self> {
        let (name, contact) = match opening {
            Fact::IntakeRegistered(intake) => (intake.client_name, intake.client_contact),
            Fact::RunningCaseTakenOver(case) => (case.client_name, case.client_contact),
            _ => return None,
        };
        Some(Self { name: read(Some(name)), contact: read(contact) })
    }
}

/// A text that could be decrypted.
fn read(text: Option<PrivateText>) -> Option<String> {
    match text? {
        PrivateText::Text(text) => Some(text),
        PrivateText::Sealed(_) => None,
    }
}

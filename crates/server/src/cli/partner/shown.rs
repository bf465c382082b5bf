//! How a partner is shown, for people and for programs.

use omklap_domain::ids::{OrganisationId, RegionId};
use omklap_store::organisations::{Client, Organisation};
use serde_json::{Value, json};

use crate::cli::language::{called, of_two, spoken};
use crate::cli::output::result;
use crate::http::organisations::OrganisationBody;
use crate::http::problem::{Complaint, Place};

/// What a command did with a registration.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Change {
    Added,
    Changed,
    Disabled,
    Enabled,
    /// Its rows were written again as it was registered.
    Mended,
    /// Everything was so already.
    None,
}

impl Change {
    fn code(self) -> &'static str {
        match self {
            Self::Added => "added",
            Self::Changed => "changed",
            Self::Disabled => "disabled",
            Self::Enabled => "enabled",
            Self::Mended => "mended",
            Self::None => "unchanged",
        }
    }

    fn in_words(self) -> &'static str {
        match self {
            Self::Added => of_two("added", "toegevoegd"),
            Self::Changed => of_two("changed", "gewijzigd"),
            Self::Disabled => of_two("disabled", "uitgezet"),
            Self::Enabled => of_two("enabled", "weer toegelaten"),
            Self::Mended => of_two("as it was registered again", "weer zoals geregistreerd"),
            Self::None => of_two("it was so already", "dat was al zo"),
        }
    }
}

/// Prints a registration, and what was done with it.
pub(super) fn show(organisation: &Organisation, change: Option<Change>) {
    let mut json = json!({"organisationId": organisation.id});
    let body = serde_json::to_value(OrganisationBody::from(organisation.clone())).unwrap_or_default();
    if let (Value::Object(json), Value::Object(body)) = (&mut json, body) {
        json.extend(body);
        json.extend(change.map(|change| ("outcome".to_owned(), change.code().into())));
    }
    result(&json, &in_words(organisation, change));
}

/// Prints that the rows of an organisation have values that no row of ours has.
pub(super) fn show_altered(id: &OrganisationId) {
    let words = of_two(
        format!(
            "{id}: its registration was changed in the database; run: omklap check, and omklap partner mend {id}"
        ),
        format!(
            "{id}: de registratie is in de database gewijzigd; voer uit: omklap check, en omklap partner mend {id}"
        ),
    );
    result(&json!({"organisationId": id, "altered": true}), &words);
}

fn in_words(organisation: &Organisation, change: Option<Change>) -> String {
    let off = |disabled: bool| if disabled { of_two(", disabled", ", uitgezet") } else { "" };
    let Organisation { id, kind, name, disabled, .. } = organisation;
    let regions: Vec<_> = organisation.regions.iter().map(RegionId::as_str).collect();
    let regions = match regions.as_slice() {
        [] => of_two("no regions", "geen regio's").to_owned(),
        regions => format!("{} {}", of_two("regions", "regio's"), regions.join(" ")),
    };
    let change = change.map(|change| format!(": {}", change.in_words())).unwrap_or_default();
    let mut text = format!(
        "{name} ({id}), {}, {regions}{}{change}",
        called("OrganisationKind", kind.as_str()),
        off(*disabled)
    );
    for (desk, how) in &organisation.contact_points {
        text.extend(["\n  ", called("Role", desk).as_str(), ": ", how.as_str()]);
    }
    for client in &organisation.clients {
        text.extend(["\n  ".to_owned(), client_in_words(client), off(client.disabled).to_owned()]);
    }
    text
}

fn client_in_words(client: &Client) -> String {
    let roles: Vec<_> = client.roles.iter().map(|role| called("Role", role.as_str())).collect();
    let purpose = match &client.purpose {
        Some(purpose) => format!(", {} {purpose}", of_two("purpose", "doel")),
        None => of_two(", purpose in its tokens", ", doel in zijn tokens").to_owned(),
    };
    let (program, of, roles) =
        (of_two("client", "programma"), of_two("of", "van uitgever"), roles.join(", "));
    format!("{program} {} {of} {}: {roles}{purpose}", client.id, client.issuer)
}

/// Everything that is wrong with an organisation, each fault with the value at its place.
pub(super) fn explained(body: &OrganisationBody, complaints: &[Complaint]) -> String {
    let body = serde_json::to_value(body).unwrap_or_default();
    let text = |complaint: &Complaint| {
        let (place, holds) = match &complaint.place {
            Place::Body(pointer) => (pointer.as_str(), body.pointer(pointer)),
            Place::Header(name) => (*name, None),
            Place::Parameter(name) => (name.as_str(), None),
        };
        let holds = holds.map(|value| format!(" {value}")).unwrap_or_default();
        let limit = complaint.limit.as_ref().map(|limit| limit.text(spoken())).unwrap_or_default();
        format!("{place}{holds}: {}{limit}", complaint.rule.text(spoken()))
    };
    complaints.iter().map(text).collect::<Vec<_>>().join("\n")
}

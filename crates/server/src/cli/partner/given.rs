//! What a command line says about a partner, and whether it is known.

use clap::Args;
use omklap_domain::agreements::AgreementSets;
use omklap_domain::ids::{ClientId, OrganisationId, RegionId};
use omklap_domain::organisation::OrganisationKind;
use omklap_domain::visibility::Role;

use crate::cli::language::{called, of_two};
use crate::cli::words::{Who, kept_code, kept_text, none_of, purpose};

/// What is said about an organisation and one of its clients
#[derive(Debug, Args)]
pub(super) struct Given {
    /// The code of the organisation
    #[arg(value_name = "ORGANISATION", value_parser = kept_code::<OrganisationId>)]
    pub(super) organisation: OrganisationId,
    /// What people call it [default of a new one: its code]
    #[arg(long, value_parser = kept_text)]
    pub(super) name: Option<String>,
    /// A region it works in; may be given more than once
    #[arg(long, value_name = "REGION", value_parser = kept_code::<RegionId>)]
    pub(super) region: Vec<RegionId>,
    /// How to reach a desk, such as `nuisance-desk=020 555 0100`; may be given more than once
    #[arg(long, value_name = "DESK=TEXT", value_parser = contact)]
    pub(super) contact: Vec<(String, String)>,
    /// A program that acts for it: its `client_id` at the issuer
    #[arg(long, value_name = "ID", value_parser = kept_code::<ClientId>)]
    pub(super) client: Option<ClientId>,
    /// A role that program may act in; may be given more than once [default of a new one: the
    /// working role of the kind, such as `care-provider`; never `client`]
    #[arg(long, value_parser = role, requires = "client")]
    pub(super) role: Vec<Role>,
    /// The purpose of that program's requests if its token names none, such as `guidance`
    #[arg(long, requires = "client", value_parser = purpose)]
    pub(super) purpose: Option<String>,
    #[command(flatten)]
    pub(super) who: Who,
}

impl Given {
    /// Every given region and role that is unknown, and every role that this kind of organisation
    /// does not have.
    pub(super) fn unknown(&self, kind: OrganisationKind, sets: &AgreementSets) -> Vec<String> {
        let regions = || sets.iter().flat_map(|set| set.regions.iter().map(RegionId::as_str));
        let unknown = self.region.iter().filter(|region| !sets.iter().any(|set| set.is_of(region)));
        let mut wrong: Vec<_> = unknown
            .map(|region| format!("--region {region}: {}", none_of(region.as_str(), regions())))
            .collect();
        let roles = kind.roles();
        let strange = self.role.iter().filter(|role| !roles.contains(role)).map(|role| role.as_str());
        wrong.extend(strange.map(|role| {
            let known = roles.iter().map(|role| role.as_str());
            let (of, why) = (called("OrganisationKind", kind.as_str()), none_of(role, known));
            of_two(format!("--role {role}: of a {of}, {why}"), format!("--role {role}: bij een {of}: {why}"))
        }));
        wrong
    }
}

pub(super) fn kind(name: &str) -> Result<OrganisationKind, String> {
    let known = || OrganisationKind::ALL.map(OrganisationKind::as_str);
    OrganisationKind::named(name).ok_or_else(|| none_of(name, known()))
}

fn role(name: &str) -> Result<Role, String> {
    Role::named(name).ok_or_else(|| none_of(name, Role::ALL.map(Role::as_str)))
}

pub(super) fn contact(text: &str) -> Result<(String, String), String> {
    let (desk, how) = text
        .split_once('=')
        .ok_or_else(|| of_two("written as DESK=TEXT", "geschreven als DESK=TEKST").to_owned())?;
    Ok((kept_text(desk)?, kept_text(how)?))
}

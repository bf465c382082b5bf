//! The tables in the docs are those in the code.

use std::fmt::Write;
use std::path::Path;

use omklap_domain::allocation::{Stream, StreamKind, StreamVisitor};
use omklap_domain::trajectory::FactType;
use omklap_domain::visibility::{AccessLevel, Category, Role, seekers_read_as};

use crate::generated_files::compare;

#[test]
fn the_docs_say_who_may_see_and_report_what() {
    let text = format!(
        "# Who may see and report what\n\n\
         A test of the domain crate generates this page from the code. To generate it again, run\n\
         `OMKLAP_BLESS=1 cargo test -p omklap-domain`. [DOMAIN.md](DOMAIN.md) §8 explains the rules, and what\n\
         time, consent and restriction take away from this table.\n\n\
         ## What each role sees\n\n\
         A row is a category of fields (the next table says which fields), a column a role.\n\n\
         | Cell | The role sees |\n\
         |---|---|\n\
         | all | every field of the category, in the cases to which its organisation has access |\n\
         | own | what was shared with its own party: of a consent, only one that names the party |\n\
         | need | the reporter of a nuisance case, until the case is over for the first time |\n\
         | (empty) | nothing; the timeline names what is left out in `withheld` |\n\n\
         An organisation has access to the cases that name it: a provider to its clients, a corporation\n\
         to the clients who were nominated to it or rent from it, a matching point, a municipality and\n\
         an auditor to the cases of their regions, a client to its own case.\n\n\
         {}\n## Who lists the clients who seek a home\n\n\
         `GET /v1/regions/{{region}}/seekers` lists, in a region, with what the role sees of each client:\n\n\
         {}\n## The category of each field\n\n\
         `areas/*/reason` is the `reason` of every element of `areas`. The first category of a fact is that\n\
         of the fact itself.\n\n\
         {}\n## Who reports each fact\n\n\
         Any of these roles, each for its own organisation and party; another role is refused with\n\
         `not-yours-to-report`. No role at all: a fact about the record itself, which an operator of\n\
         the ledger records.\n\n{}\n## Who reads what is about no client\n\n\
         Streams beside the trajectory (`docs/DOMAIN.md` §12). The last column is about every stream of the\n\
         reader's own regions. A care provider and a guide read a vacancy without its unit, floor and reference.\n\n{}",
        table_of_access(),
        lists_of_seekers(),
        fields(),
        reporters(),
        readers_of_streams(),
    );
    compare(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/WHO-MAY.md"), &text);
}

fn table_of_access() -> String {
    let roles: Vec<_> = Role::ALL.iter().map(|role| role.as_str()).collect();
    let mut table = format!("| | {} |\n|---|{}\n", roles.join(" | "), "---|".repeat(roles.len()));
    for category in Category::ALL {
        let cell = |role: &Role| match category.seen_by(*role) {
            AccessLevel::All => "all",
            AccessLevel::Own => "own",
            AccessLevel::Needed => "need",
            AccessLevel::None => "",
        };
        let cells: Vec<_> = Role::ALL.iter().map(cell).collect();
        let _ = writeln!(table, "| {} | {} |", category.as_str(), cells.join(" | "));
    }
    table
}

fn lists_of_seekers() -> String {
    let mut table = String::from("| Role | Clients |\n|---|---|\n");
    for role in Role::ALL {
        let lists = match seekers_read_as(role) {
            _ if role == Role::Client => "the own case",
            Some(Role::CareProvider) => "those whom the provider guides",
            Some(Role::HousingCorporation) => "those to whom the corporation is assigned",
            Some(_) => "all of the region",
            None => "none; counts of the region",
        };
        let _ = writeln!(table, "| {} | {lists} |", role.as_str());
    }
    table
}

fn readers_of_streams() -> String {
    struct Readers;
    impl StreamVisitor for Readers {
        type Output = [&'static [Role]; 2];
        fn visit<S: Stream>(self) -> Self::Output {
            [S::READ_BY_OWNER, S::READ_IN_REGION]
        }
    }
    let mut table =
        String::from("| Stream | Read by its own organisation as | Read in its region as |\n|---|---|---|\n");
    for kind in StreamKind::ALL {
        let named = |roles: &[Role]| roles.iter().map(|role| role.as_str()).collect::<Vec<_>>().join(", ");
        let [own, region] = kind.visit(Readers).map(named);
        let _ = writeln!(table, "| {} | {own} | {region} |", kind.as_str());
    }
    table
}

fn fields() -> String {
    let mut table = String::from("| Fact | Category | Fields |\n|---|---|---|\n");
    for fact in FactType::ALL {
        for (category, fields) in fact.row().fields {
            let fields = fields.replace(' ', "`, `");
            let _ = writeln!(table, "| `{fact}` | {} | `{fields}` |", category.as_str());
        }
    }
    table
}

fn reporters() -> String {
    let mut table = String::from("| Fact | Roles |\n|---|---|\n");
    for fact in FactType::ALL {
        let roles: Vec<_> = fact.row().reporters.iter().map(|role| role.as_str()).collect();
        let _ = writeln!(table, "| `{fact}` | {} |", roles.join(", "));
    }
    table
}

//! The tables in the docs are those in the code.

use std::fmt::Write;
use std::path::Path;

use omklap_domain::trajectory::FactType;
use omklap_domain::visibility::{Category, Role, Sight};

use crate::blessing::compare;

#[test]
fn the_docs_say_who_may_see_and_report_what() {
    let text = format!(
        "# Who may see and report what\n\nWritten from the code by a test of the domain crate; `OMKLAP_BLESS=1 cargo test -p omklap-domain` \
         writes it anew. What time, consent and restriction take away of it, and where it comes from: [DOMAIN.md](DOMAIN.md) §8.\n\n\
         ## What a role sees\n\n{}\n## Which fields belong where\n\n`areas/*/reason` is the `reason` of every element of `areas`. The first \
         category of a fact is that of the fact itself.\n\n{}\n## Who reports what\n\n{}",
        sights(),
        fields(),
        reporters(),
    );
    compare(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/WHO-MAY.md"), &text);
}

fn sights() -> String {
    let roles: Vec<_> = Role::ALL.iter().map(|role| role.as_str()).collect();
    let mut table = format!("| | {} |\n|---|{}\n", roles.join(" | "), "---|".repeat(roles.len()));
    for category in Category::ALL {
        let cell = |role: &Role| match category.seen_by(*role) {
            Sight::All => "all",
            Sight::Own => "own",
            Sight::Needed => "need",
            Sight::None => "",
        };
        let cells: Vec<_> = Role::ALL.iter().map(cell).collect();
        let _ = writeln!(table, "| {} | {} |", category.as_str(), cells.join(" | "));
    }
    table
}

fn fields() -> String {
    let mut table = String::from("| Fact | Category | Fields |\n|---|---|---|\n");
    for fact in FactType::ALL {
        for (category, fields) in fact.fields() {
            let fields = fields.replace(' ', "`, `");
            let _ = writeln!(table, "| `{fact}` | {} | `{fields}` |", category.as_str());
        }
    }
    table
}

fn reporters() -> String {
    let mut table = String::from("| Fact | Roles |\n|---|---|\n");
    for fact in FactType::ALL {
        let roles: Vec<_> = fact.reporters().iter().map(|role| role.as_str()).collect();
        let _ = writeln!(table, "| `{fact}` | {} |", roles.join(", "));
    }
    table
}

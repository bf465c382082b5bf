//! The commands of `docs/AUDIT.md` work as printed. `tests/conformance/audit` also runs the third
//! one, which needs Python.

use std::fs;

use omklap_domain::organisation::OrganisationKind;
use omklap_tests::Process;

const DOCUMENT: &str = include_str!("../../docs/AUDIT.md");
const STORY: &str =
    concat!(env!("CARGO_MANIFEST_DIR"), "/../demo/11-fatima-a-wrong-date-and-a-report-that-never-was.ndjson");
const ANOTHER: &str =
    concat!(env!("CARGO_MANIFEST_DIR"), "/../demo/15-nadia-a-temporary-lease-and-another-home.ndjson");

#[test]
fn an_auditor_comes_from_a_file_to_a_verdict() {
    let ledger = Process::start();
    let commands = commands("## Three commands");
    let (export, verify) = (commands[0], commands[1]);
    assert!(export.starts_with("omklap export") && verify.starts_with("omklap-verify"), "{commands:?}");
    // The page assumes the id of the case and the key that the operator publishes.
    let setup = format!(
        "{}
         omklap partner add matching-point --kind matching-point --region amsterdam --client matching-point --purpose audit
         CASE=$(omklap import '{STORY}' | grep -oE '[0-9a-f]{{8}}(-[0-9a-f]{{4}}){{3}}-[0-9a-f]{{12}}' | head -1)
         KEY=$(omklap ledger-key | head -1)
         echo \"$KEY\" > key",
        registered(STORY)
    );
    let ran = ledger.shell(&[&setup, export, verify].join("\n"));
    let (said, wrong) = (String::from_utf8_lossy(&ran.stdout), String::from_utf8_lossy(&ran.stderr));
    assert!(ran.status.success(), "{said}{wrong}");
    assert!(said.contains("AS RECORDED") && said.contains("signed by"), "{said}");

    let ran = ledger.shell("omklap-verify case.json");
    let said = String::from_utf8_lossy(&ran.stdout);
    assert_eq!(ran.status.code(), Some(3), "{said}");
    assert!(said.starts_with("AGREES WITH ITSELF (no key was given)\n"), "{said}");

    change(&ledger, "case.json", "\"sequence\":2", "\"sequence\":3");
    let ran = ledger.shell(&format!("KEY=$(cat key)\n{verify}"));
    let said = String::from_utf8_lossy(&ran.stdout);
    assert_eq!(ran.status.code(), Some(1), "{said}");
    assert!(said.starts_with("NOT AS RECORDED\nevent 2"), "{said}");
}

#[test]
fn an_auditor_who_kept_a_checkpoint_sees_that_the_ledger_only_grew() {
    let ledger = Process::start();
    let commands = commands("## Check the whole ledger");
    let (keep, prove, verify) = (commands[0], commands[1], commands[2]);
    let setup = format!(
        "{}
         {}
         omklap partner add matching-point --kind matching-point --region amsterdam --client matching-point --purpose audit
         omklap partner add rekenkamer --kind auditor --region amsterdam --client auditor --purpose audit
         SERVER=$OMKLAP_SERVER
         KEY=$(omklap ledger-key | head -1)
         TOKEN=$(omklap token --client auditor --scope audit:read)
         is_signed() {{ omklap export $(omklap import \"$1\" | grep -oE '[0-9a-f]{{8}}(-[0-9a-f]{{4}}){{3}}-[0-9a-f]{{12}}' | head -1) --client auditor --case-file --out case.json; }}
         is_signed '{STORY}'",
        registered(STORY),
        registered(ANOTHER)
    );
    let ran = ledger.shell(&[&setup, keep, &format!("is_signed '{ANOTHER}'"), prove, verify].join("\n"));
    let (said, wrong) = (String::from_utf8_lossy(&ran.stdout), String::from_utf8_lossy(&ran.stderr));
    assert!(ran.status.success(), "{said}{wrong}");
    assert!(said.contains("ONLY GREW\nkept        a ledger of"), "{said}");

    change(&ledger, "proof.json", "\"hashes\":[\"", "\"hashes\":[\"0");
    let ran = ledger.shell(&format!("KEY=$(omklap ledger-key | head -1)\n{verify}"));
    assert_eq!(ran.status.code(), Some(1), "{}", String::from_utf8_lossy(&ran.stdout));
}

/// Replaces the first occurrence of a text in a file of the ledger's directory.
fn change(ledger: &Process, file: &str, from: &str, to: &str) {
    let file = ledger.directory().join(file);
    let text = fs::read_to_string(&file).expect("readable");
    fs::write(&file, text.replacen(from, to, 1)).expect("writable");
}

/// The lines of the first code block under this heading.
fn commands(heading: &str) -> Vec<&'static str> {
    let section = DOCUMENT.split_once(heading).expect("the document has this section").1;
    let block = section.split("```").nth(1).expect("a block");
    let commands: Vec<_> = block.lines().skip(1).collect();
    assert_eq!(commands.len(), 3, "{commands:?}");
    commands
}

/// The commands that register the partners that a history names.
fn registered(history: &str) -> String {
    let partners = omklap::cli::demo_partners::partners(&fs::read_to_string(history).expect("a file"));
    let line = |(id, kind): (_, OrganisationKind)| {
        format!("omklap partner add {id} --kind {} --region amsterdam", kind.as_str())
    };
    let named = partners.iter().map(|(id, partner)| (id, partner.kind));
    named.filter(|(_, kind)| *kind != OrganisationKind::Auditor).map(line).collect::<Vec<_>>().join("\n")
}

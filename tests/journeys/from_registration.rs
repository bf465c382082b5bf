//! `docs/API.md` can be followed line by line.

use omklap_tests::Process;
use serde_json::Value;

const DOCUMENT: &str = include_str!("../../docs/API.md");

#[test]
fn each_kind_of_partner_comes_from_its_registration_to_its_first_call() {
    let ledger = Process::start();
    let told = section("### From registration to the first call");
    let partners: Vec<_> =
        told.split("```console\n").skip(1).map(|block| block.split("```").next()).collect();
    assert_eq!(partners.len(), 3, "a care provider, a corporation, a municipality");
    for lines in partners.into_iter().flatten() {
        let lines =
            lines.lines().map(|line| line.strip_prefix("$ ").expect("a line to type")).collect::<Vec<_>>();
        let lines = lines.join("\n").replace("127.0.0.1:8080", &ledger.address().to_string());
        let ran = ledger.shell(&lines);
        let said = String::from_utf8_lossy(&ran.stdout).into_owned();
        assert!(ran.status.success(), "{lines}\n{said}\n{}", String::from_utf8_lossy(&ran.stderr));
        let answer: Value = serde_json::from_str(said.lines().last().unwrap_or_default()).expect("an answer");
        assert!(answer["items"].is_array() || answer["figures"].is_array(), "{answer}");
    }
}

fn section(heading: &str) -> &'static str {
    let from = DOCUMENT.split_once(heading).expect("the document has this section").1;
    from.split("\n## ").next().unwrap_or(from)
}

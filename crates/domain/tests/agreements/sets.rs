//! Sets that are accepted, and sets that are not.

use std::path::Path;

use omklap_domain::agreements::AgreementSets;
use omklap_domain::agreements::read::{decoded, read};
use proptest::prelude::*;

use crate::generated_files::compare;

pub const AMSTERDAM: &str = include_str!("../../../../agreements/amsterdam-2018.toml");

#[test]
fn every_shipped_set_is_read_and_has_ten_agreements() {
    let sets = AgreementSets::shipped();
    assert_eq!(sets.iter().count(), 6);
    for set in sets.iter() {
        let numbers: Vec<u8> = set.agreements.iter().map(|agreement| agreement.number).collect();
        assert_eq!(numbers, (1..=10).collect::<Vec<_>>(), "{}", set.id);
    }
}

#[test]
fn the_amsterdam_set_has_every_obligation_of_the_domain_reference() {
    let set = read(AMSTERDAM).expect("it is read");
    let ids: Vec<_> = set.obligations().map(|(_, obligation)| obligation.id.as_str()).collect();
    assert_eq!(
        ids,
        [
            "1.1", "1.2", "1.3", "1.4", "1.5", "2.1", "2.2", "2.3", "3.1", "3.2", "3.3", "4.1", "4.2", "4.3",
            "4.4", "4.5", "5.1", "5.2", "5.3", "5.4", "6.1", "6.2", "6.3", "6.4", "6.5", "6.6", "6.7", "6.8",
            "6.9", "7.1", "7.2", "8.1", "8.2", "8.3", "8.4", "9.1", "9.2", "9.3", "10.1", "10.2"
        ]
    );
}

#[test]
fn the_json_of_a_set_does_not_change() {
    let set = serde_json_canonicalizer::to_string(&read(AMSTERDAM).expect("a good set")).expect("JSON");
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/agreements/amsterdam-2018.json");
    compare(&file, &format!("{set}\n"));
}

#[test]
fn every_region_is_served_by_one_set() {
    let sets = AgreementSets::shipped();
    let set_of =
        |region: &str| sets.of_region(&region.parse().expect("a code")).map(|set| set.id.to_string());
    assert_eq!(set_of("amsterdam").as_deref(), Some("amsterdam-2020"));
    assert_eq!(set_of("noord-limburg").as_deref(), Some("noord-limburg"));
    assert_eq!(set_of("utrecht"), None);
    assert_eq!(sets.regions_named_twice(), []);
}

/// The faults of the Amsterdam set after each of these texts is replaced once by the other.
#[track_caller]
pub fn faults(changes: &[(&str, &str)]) -> Vec<String> {
    let mut text = AMSTERDAM.to_owned();
    for (from, to) in changes {
        assert!(text.contains(from), "{from} is in the set");
        text = text.replacen(from, to, 1);
    }
    let Err(found) = read(&text) else { panic!("nothing is wrong with it") };
    found.iter().map(ToString::to_string).collect()
}

/// One change, one fault, on the line where the change was made.
#[track_caller]
pub fn fault(from: &str, to: &str) -> String {
    let found = faults(&[(from, to)]);
    assert_eq!(found.len(), 1, "{found:#?}");
    found[0].split_once(": ").expect("a place and a fault").1.to_owned()
}

/// In the table of one obligation, replaces the first occurrence of a text.
#[track_caller]
pub fn fault_in(id: &str, from: &str, to: &str) -> String {
    let start = AMSTERDAM.find(&format!("id = \"{id}\"")).expect("an obligation of the set");
    let end = AMSTERDAM[start..].find("[[agreements").map_or(AMSTERDAM.len(), |end| start + end);
    let before = &AMSTERDAM[start..end];
    assert!(before.contains(from), "{from} is in {id}");
    fault(before, &before.replacen(from, to, 1))
}

#[test]
fn a_fault_has_its_line_and_column() {
    let text = AMSTERDAM.replacen("offers = 1", "offers = \"one\"", 1);
    let fault = &read(&text).expect_err("offers are counted")[0];
    let line = AMSTERDAM.lines().position(|line| line == "offers = 1").expect("a line") + 1;
    assert_eq!((fault.line, fault.column), (line, 10));
    assert_eq!(fault.message, "invalid type: string \"one\", expected u8");
}

#[test]
fn all_faults_are_reported_at_once() {
    let found = faults(&[
        ("offers = 1", "offers = -1"),
        ("months = 36", "month = 36"),
        ("starts-with = [\"housing-requested\"]", "starts-with = [\"housing-request\"]"),
        ("{ party = \"care-provider\" }", "{ parties = \"care-provider\" }"),
        ("number = 9", "number = 8"),
    ]);
    let reported = found.join("\n");
    for expected in [
        "`months` is missing",
        "unknown key `month`",
        "no fact is called `housing-request`; did you mean `housing-requested`?",
        "`contact-person-assigned` has no field `parties`",
        "agreement 8 is defined twice",
        "agreement 9 is missing",
    ] {
        assert!(reported.contains(expected), "{expected} in {reported}");
    }
    assert!(reported.contains("invalid value: integer `-1`"), "{reported}");
}

#[test]
fn missing_agreements_are_reported_in_order() {
    let (head, _) = AMSTERDAM.split_once("[[agreements]]\nnumber = 2").expect("agreement 2 follows");
    let found = read(head).expect_err("nine are missing");
    let missing: Vec<_> = found.iter().map(|fault| fault.message.clone()).collect();
    let expected: Vec<_> = (2..=10).map(|number| format!("agreement {number} is missing")).collect();
    assert_eq!(missing, expected);
}

#[test]
fn a_file_that_is_not_utf_8_is_reported_with_its_place() {
    let mut file = b"id = \"almere\"\ntitle = { nl = \"H\xc3\xa9 ".to_vec();
    assert_eq!(decoded(file.clone()).map(|text| text.len()), Ok(file.len()));
    file.extend(b"Caf\xe9\"");
    let fault = &decoded(file).expect_err("that is Latin 1")[0];
    assert_eq!((fault.line, fault.column), (2, 23));
    assert_eq!(fault.message, "this is not UTF-8; a set file must be UTF-8");
}

#[test]
fn a_file_that_is_not_toml_is_not_checked_further() {
    let found = faults(&[("offers = 1", "offers = = 1")]);
    assert!(found.iter().all(|fault| fault.starts_with("line ")), "{found:#?}");
}

#[test]
fn a_field_and_its_values_are_those_of_the_fact() {
    assert!(
        fault_in("1.2", "\"debts-in-view\"", "\"debts\"")
            .starts_with("`step` cannot be `debts`; it must be one of living-skills-training")
    );
    assert_eq!(fault_in("2.3", "= true }", "= \"yes\" }"), "`asksForGuidance` must be true or false");
    assert_eq!(
        fault_in("1.3", "nuisanceOnFile = false", "considerations = false"),
        "`considerations` has fields of its own; only `has` can test it"
    );
    assert!(
        fault_in("3.2", "terms.careAgreement", "terms.carePlan")
            .starts_with("`housed-under-intermediary-lease` has no field `terms.carePlan`")
    );
}

#[test]
fn an_obligation_that_nothing_can_start_is_a_fault() {
    assert_eq!(
        fault_in("4.3", "starts-with = [\"housed\"]", "starts-with = []"),
        "nothing starts it, so it never applies"
    );
    assert_eq!(
        fault_in("4.3", "starts-with = [\"housed\"]", "starts-with = [\"housed-under-three-party-lease\"]"),
        "it never starts: no client of this set lives under such a lease"
    );
    assert!(
        fault_in("4.3", "\"housed\"]\ndeadline", "\"event-corrected\", \"housed\"]\ndeadline")
            .starts_with("a correction cannot start")
    );
}

#[test]
fn an_obligation_that_nothing_can_keep_is_a_fault() {
    assert_eq!(
        fault_in("9.2", "kept-by = [\"follow-up-check-held\"]", "kept-by = []"),
        "nothing keeps it, so it is always broken"
    );
}

#[test]
fn a_fact_that_can_no_longer_happen_keeps_nothing() {
    assert_eq!(
        fault_in(
            "9.2",
            "deadline = \"follow-up-checks\"\nkept-by = [\"follow-up-check-held\"]",
            "kept-by = [\"flip-talk-held\"]"
        ),
        "it can never be kept: no `flip-talk-held` can come after its start"
    );
    assert_eq!(
        fault_in("9.1", "deadline = \"same-day\"", "deadline = { before = \"dwelling-offered\" }"),
        "no `dwelling-offered` can come after its start"
    );
}

#[test]
fn a_deadline_that_contradicts_itself_is_a_fault() {
    let contradicts = "a deadline must be counted in one way only";
    assert_eq!(fault_in("4.1", "{ weeks = 6 }", "{ weeks = 6, months = 1 }"), contradicts);
    assert_eq!(
        fault_in("4.1", "{ weeks = 6 }", "{ weeks = 0 }"),
        "a deadline cannot be 0; write \"same-day\""
    );
    assert!(fault_in("4.1", "{ weeks = 6 }", "\"soon\"").starts_with("a deadline is \"same-day\""));
    assert_eq!(fault_in("8.3", "on = \"nextTalkOn\", ", ""), "`at-most-months` needs a date in `on`");
    assert_eq!(fault_in("8.3", "nextTalkOn", "talkId"), "`talkId` is not a date");
}

#[test]
fn settings_that_contradict_each_other_are_faults() {
    assert_eq!(
        fault_in("4.3", "source =", "recurs = true\nsource ="),
        "it recurs, but nothing that keeps it starts it again"
    );
    assert_eq!(
        fault_in("1.1", "source =", "paused-by = [\"absence\"]\nsource ="),
        "it has no deadline that can be paused"
    );
    assert_eq!(fault("id = \"1.5\"", "id = \"1.4\""), "obligation 1.4 is defined twice");
    assert_eq!(
        fault("home-in-time = \"1.4\"", "home-in-time = \"1.1\""),
        "obligation 1.1 cannot be the clock: it has no deadline in months, weeks or days"
    );
}

#[test]
fn settings_that_do_not_fit_what_they_are_about_are_faults() {
    assert_eq!(
        fault("suppress-below = 5", "suppress-below = 5\nhomes-a-year = { utrecht = 9 }"),
        "`homes-a-year` names utrecht, which is not among the regions"
    );
    assert_eq!(
        fault("[3, 6, 12, 24, 36]", "[3, 6, 12, 24, 48]"),
        "a check is outside the months of the follow-up"
    );
    assert_eq!(
        fault("level = 3\nname", "level = 2\nname"),
        "the levels from 0 to 5 must be listed, each once and in order"
    );
    assert_eq!(
        fault_in("5.2", "kept-by = [\"signal-answered\"]", "kept-by = [\"case-discussed\"]"),
        "`case-discussed` has no field `signalId`; it has attendees, bottleneck, occurredOn, outcome"
    );
}

/// The worked example of the docs, in the place that they name.
fn worked_example() -> String {
    let page = include_str!("../../../../docs/AGREEMENTS.md");
    let example =
        page.split("```toml\n").nth(1).and_then(|rest| rest.split("```").next()).expect("an example");
    let next = AMSTERDAM.find("[[agreements]]\nnumber = 5").expect("agreement 5 follows obligation 4.5");
    format!("{}{example}\n{}", &AMSTERDAM[..next], &AMSTERDAM[next..])
}

#[test]
fn the_worked_example_of_the_docs_is_a_set() {
    let set = read(&worked_example()).expect("the docs are right");
    let id = "4.6".parse().expect("a code");
    assert!(set.obligation(&id).is_some_and(|obligation| obligation.recurs));
}

#[test]
fn two_faults_in_the_worked_example_are_reported_as_the_docs_show() {
    let text = worked_example()
        .replace("\"evaluation-held\", \"housed\"", "\"evaluation-hold\", \"housed\"")
        .replace("contract-models = [\"intermediary\"]\npaused", "contract-models = [\"two-party\"]\npaused");
    let Err(found) = read(&text) else { panic!("nothing is wrong with it") };
    let reported: Vec<_> = found
        .iter()
        .map(|fault| format!("region/zaanstreek.toml:{}:{}: {}\n", fault.line, fault.column, fault.message))
        .collect();
    let page = include_str!("../../../../docs/AGREEMENTS.md");
    assert!(page.contains(&reported.concat()), "{}", reported.concat());
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_damaged_set_is_accepted_or_refused_with_a_place(
        cut in 0..AMSTERDAM.len(), length in 0..400_usize, put in "[\\[\\]={}\",.a-z0-9 \n]{0,12}",
    ) {
        let mut text: Vec<char> = AMSTERDAM.chars().collect();
        let start = cut.min(text.len());
        let end = (start + length).min(text.len());
        text.splice(start..end, put.chars());
        let text: String = text.into_iter().collect();
        let lines = text.lines().count() + 1;
        if let Err(found) = read(&text) {
            prop_assert!(!found.is_empty());
            prop_assert!(found.iter().all(|fault| (1..=lines).contains(&fault.line) && fault.column >= 1));
        }
    }
}

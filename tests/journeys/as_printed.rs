//! The examples in README.md and docs/API.md work as printed, on the ledger of `make run`.

use omklap_tests::Process;
use serde_json::Value;

const README: &str = include_str!("../../README.md");
const API: &str = include_str!("../../docs/API.md");

#[test]
fn the_example_of_the_readme_answers_what_the_readme_prints() {
    let ledger = with_the_demo();
    let [example] = &blocks(README, "console").filter(|lines| lines.contains("curl")).collect::<Vec<_>>()[..]
    else {
        panic!("the README has one example");
    };
    let printed = blocks(README, "json").next().expect("it prints the answer");
    let printed: Value = serde_json::from_str(printed).expect("JSON");
    let answer: Value = serde_json::from_str(&run(&ledger, example)).expect("JSON");
    assert!(holds(&answer, &printed), "{answer:#}");
}

#[test]
fn the_lines_of_the_api_document_can_be_typed_one_after_the_other() {
    let ledger = with_the_demo();
    let lines: Vec<_> = blocks(API, "console").collect();
    let output = run(&ledger, &lines.concat());
    assert!(!output.contains("/problems/"), "{output}");
    let recorded = output.matches(r#""recorded":true"#).count();
    assert_eq!(recorded, 4, "an intake, the next fact, a nomination and an acceptance: {output}");
    assert!(!output.contains("omschrijving"), "a `Foutbericht`: {output}");
    assert!(output.contains("/vera/v4/huurovereenkomsten/"), "the allocation names its lease: {output}");
}

fn with_the_demo() -> Process {
    let ledger = Process::start();
    let demo = ledger.omklap(&["demo", "--server", &format!("http://{}", ledger.address())]);
    assert!(demo.status.success(), "{}", String::from_utf8_lossy(&demo.stderr));
    ledger
}

/// The code blocks of a document in this language.
fn blocks<'a>(document: &'a str, language: &str) -> impl Iterator<Item = &'a str> {
    let opening = format!("```{language}\n");
    let starts: Vec<_> = document.match_indices(&opening).map(|(at, _)| at + opening.len()).collect();
    starts.into_iter().filter_map(move |start| document[start..].split("```").next())
}

/// Runs these lines in a shell and returns their output. A command begins with `$ `.
fn run(ledger: &Process, lines: &str) -> String {
    let lines: Vec<_> = lines.lines().map(|line| line.strip_prefix("$ ").unwrap_or(line)).collect();
    let lines = lines
        .join("\n")
        .replace("127.0.0.1:8080", &ledger.address().to_string())
        .replace("target/debug/omklap", "omklap");
    let ran = ledger.shell(&lines);
    assert!(ran.status.success(), "{lines}\n{}", String::from_utf8_lossy(&ran.stderr));
    String::from_utf8_lossy(&ran.stdout).into_owned()
}

/// Whether an answer contains the printed one: objects may have more fields, lists no more
/// elements.
fn holds(answer: &Value, printed: &Value) -> bool {
    match (answer, printed) {
        (Value::Object(answer), Value::Object(printed)) => printed
            .iter()
            .all(|(field, printed)| answer.get(field).is_some_and(|answer| holds(answer, printed))),
        (Value::Array(answer), Value::Array(printed)) => {
            answer.len() == printed.len()
                && answer.iter().zip(printed).all(|(answer, printed)| holds(answer, printed))
        }
        _ => answer == printed,
    }
}

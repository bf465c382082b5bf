//! A backup is restored by the commands that docs/OPERATING.md gives to operators.

use omklap_tests::{Ledger, Process, sample_fact};

/// The commands of the chapter on backups, without their prompts.
fn documented_lines() -> Vec<&'static str> {
    let page = include_str!("../../docs/OPERATING.md");
    let chapter = page.split("\n## ").find(|chapter| chapter.starts_with("Backups")).expect("the chapter");
    chapter.lines().filter_map(|line| line.strip_prefix("$ ")).collect()
}

/// Runs the documented lines with the variables that the chapter assumes, and no other address of
/// the database.
fn run_as_documented(ledger: &Process, lines: &[&str]) -> String {
    let owner = ledger.database_url("omklap");
    let only = format!("unset DATABASE_URL; export OMKLAP_DATABASE_OWNER_URL={owner}");
    run(ledger, &[&[only.as_str()], lines].concat())
}

/// Runs these lines in a shell that has PostgreSQL's programs, and returns their output.
fn run(ledger: &Process, lines: &[&str]) -> String {
    let setting = format!(
        "PATH={}:$PATH; export DATABASE_URL={} RESTORED={}",
        ledger.programs_of_postgresql().display(),
        ledger.database_url("omklap"),
        ledger.database_url("restored"),
    );
    let output = ledger.shell(&format!("{setting}\n{}", lines.join("\n")));
    let printed = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{lines:?}: {printed}{}", String::from_utf8_lossy(&output.stderr));
    printed
}

#[test]
fn a_backup_is_restored_by_the_documented_commands() {
    let ledger = Process::start();
    let stays = ledger.opens(sample_fact("intake-registered").with("clientName", "Kees"));
    let goes = ledger.opens("intake-registered");
    let lines = documented_lines();
    let [of_all, of_keys, restoring @ ..] = &lines[..] else { panic!("{lines:?}") };
    run_as_documented(&ledger, &[of_all]);
    assert!(ledger.omklap(&["subject", "erase", &goes.id, "--ground", "objected"]).status.success());
    run_as_documented(&ledger, &[of_keys]);

    run(&ledger, &["psql -c 'CREATE DATABASE restored' \"$DATABASE_URL\""]);
    run_as_documented(&ledger, restoring);
    let guarded = run(&ledger, &["psql -c '\\d vault' \"$RESTORED\""]);
    assert!(guarded.contains("REFERENCES keys.data_keys"), "{guarded}");
    let texts = |case: &str| {
        let count = format!("SELECT count(*) FROM vault WHERE trajectory_id = '{case}'");
        run(&ledger, &[&format!("psql -At -c \"{count}\" \"$RESTORED\"")])
    };
    assert_eq!(texts(&stays.id).trim(), "2");
    assert_eq!(texts(&goes.id).trim(), "0", "a text that was erased after the backup is not restored");
    let status = |expected: &str| {
        let said = run(&ledger, &["DATABASE_URL=$RESTORED omklap restored status || true"]);
        assert!(said.contains(expected), "{said}");
    };
    status("a restored copy since");
    run(&ledger, &["DATABASE_URL=$RESTORED omklap restored confirm"]);
    status("the real ledger");
}

#[test]
fn a_follower_of_a_restored_ledger_is_refused_until_it_starts_again() {
    let ledger = Ledger::empty();
    let mut case = ledger.preparing();
    let end =
        |ledger: &Ledger| ledger.get("/v1/feed").answer().body["next"].as_str().expect("a cursor").to_owned();
    let (kept, backup) = (end(&ledger), last_position(&ledger));
    case.reports("consent-given");
    let (lost, tag) = (end(&ledger), case.etag.clone());
    ledger.restore_to(backup);
    ledger.minutes_pass(1);
    let follow = |after: &str| ledger.get(&format!("/v1/feed?after={after}")).answer();
    for reports in ["intake-registered", "privacy-explained", "consent-given"] {
        let answer = follow(&lost).with_status(400);
        assert_eq!(answer.errors(), [("cursor-of-another-ledger", "after")], "before {reports}");
        if reports == "intake-registered" {
            let _ = ledger.preparing();
        } else {
            let fact = case.next(reports);
            let _ = case.reporting(&fact).seen("*").answer().with_status(201);
        }
    }
    assert!(last_position(&ledger) > backup + 1, "the positions are given out again");
    assert_eq!(follow(&lost).with_status(400).codes(), ["cursor-of-another-ledger"].into());
    let fact = case.next("consent-given");
    let stale = case.reporting(&fact).seen(&tag).answer().with_status(412);
    assert_eq!(stale.problem(), "not-the-ledger-seen");
    let page = follow(&kept).with_status(200);
    assert_eq!(page.body["items"].as_array().map(Vec::len), Some(3), "a cursor in the backup still works");
}

fn last_position(ledger: &Ledger) -> i64 {
    ledger.in_the_database(async |owner| {
        sqlx::query_scalar("SELECT max(position) FROM events").fetch_one(owner).await.expect("readable")
    })
}

//! A backup is one when it has been restored, by the very lines that are told to whoever runs the ledger.

use omklap_tests::{Process, told};

/// The lines of the chapter on backups, without their prompts.
fn told_lines() -> Vec<&'static str> {
    let page = include_str!("../../docs/OPERATING.md");
    let chapter = page.split("\n## ").find(|chapter| chapter.starts_with("Backups")).expect("the chapter");
    chapter.lines().filter_map(|line| line.strip_prefix("$ ")).collect()
}

#[test]
fn a_backup_is_restored_by_the_lines_that_operators_are_told() {
    let ledger = Process::start();
    let stays = ledger.opens(told("intake-registered").with("clientName", "Kees"));
    let goes = ledger.opens("intake-registered");
    let run = |lines: &[&str]| {
        let setting = format!(
            "PATH={}:$PATH; export DATABASE_URL={} RESTORED={}",
            ledger.programs_of_postgresql().display(),
            ledger.database_url("omklap"),
            ledger.database_url("restored"),
        );
        let output = ledger.shell(&format!("{setting}\n{}", lines.join("\n")));
        let told = String::from_utf8_lossy(&output.stdout).into_owned();
        assert!(output.status.success(), "{lines:?}: {told}{}", String::from_utf8_lossy(&output.stderr));
        told
    };
    let lines = told_lines();
    let [of_all, of_keys, restoring @ ..] = &lines[..] else { panic!("{lines:?}") };
    run(&[of_all]);
    assert!(ledger.omklap(&["subject", "erase", &goes.id, "--ground", "objected"]).status.success());
    run(&[of_keys]);

    run(&["psql -c 'CREATE DATABASE restored' \"$DATABASE_URL\""]);
    run(restoring);
    let guarded = run(&["psql -c '\\d vault' \"$RESTORED\""]);
    assert!(guarded.contains("REFERENCES keys.data_keys"), "{guarded}");
    let texts = |case: &str| {
        run(&[&format!(
            "psql -At -c \"SELECT count(*) FROM vault WHERE trajectory_id = '{case}'\" \"$RESTORED\""
        )])
    };
    assert_eq!(texts(&stays.id).trim(), "2");
    assert_eq!(texts(&goes.id).trim(), "0", "what was erased since is not back");
    let status = |expected: &str| {
        let said = run(&["DATABASE_URL=$RESTORED omklap restored status || true"]);
        assert!(said.contains(expected), "{said}");
    };
    status("a restored copy since");
    run(&["DATABASE_URL=$RESTORED omklap restored confirm"]);
    status("the real ledger");
}

//! Sets that are well-formed but make no sense.

use crate::sets::{fault, fault_in, faults};

/// The start of obligation 5.3 in the Amsterdam set.
const RENT_MISSED: &str = "starts-with = [\"rent-missed\"]";

#[test]
fn an_obligation_that_starts_with_an_impossible_fact_is_a_fault() {
    let started_by = |start: &str| fault_in("5.3", RENT_MISSED, &format!("starts-with = [{start}]"));
    assert_eq!(
        started_by("{ fact = \"escalated\", where = { toLevel = 9 } }"),
        "`toLevel` cannot be 9; it must be from 0 to 5"
    );
    assert_eq!(
        started_by("{ fact = \"escalated\", where = { occurredOn = \"2026-13-45\" } }"),
        "`occurredOn` cannot be `2026-13-45`; it must be a date, such as 2026-03-01"
    );
    assert_eq!(
        started_by("{ fact = \"evaluation-held\", where = { notes = \"slecht\" } }"),
        "`notes` is private text, which no event contains; only `has` can test it"
    );
}

#[test]
fn an_obligation_that_never_starts_or_is_never_due_is_a_fault() {
    let started_by = |start: &str| fault_in("5.3", RENT_MISSED, &format!("starts-with = [{start}]"));
    let found = faults(&[
        ("contract-models = [\"intermediary\", \"temporary\"]", "contract-models = [\"intermediary\"]"),
        (RENT_MISSED, "starts-with = [\"lease-extended\"]"),
    ]);
    assert!(
        found.iter().any(|fault| fault.ends_with("no client of this set lives under such a lease")),
        "{found:#?}"
    );
    assert_eq!(
        started_by("\"returned-to-shelter\", \"evaluation-held\""),
        "`returned-to-shelter` ends the case, so it cannot start an obligation"
    );
    assert_eq!(
        fault("checks-after-months = [3, 6, 12, 24, 36]", "checks-after-months = []"),
        "there are no checks, so obligation 9.2 is never due"
    );
}

#[test]
fn what_the_rules_demand_is_not_set_aside() {
    let never = fault_in("9.1", "never-set-aside = true\n", "");
    assert!(never.starts_with("the ledger admits no further step without `aftercare-agreed`"), "{never}");
    let nobody = fault_in("4.5", "starts-with = [\"housed\"]", "starts-with = [\"housed\"]\nprotects = []");
    assert_eq!(nobody, "name at least one party, or leave this out: it protects the client");
    assert_eq!(
        fault("agreed-within-days = 28", "agreed-within-days = 400"),
        "`agreed-within-days` must be at most 366"
    );
    assert_eq!(fault("catch-up-days = 28", "catch-up-days = 400"), "`catch-up-days` must be at most 366");
}

#[test]
fn a_set_lets_a_client_decline_a_check() {
    let declined = "ends-with = [{ fact = \"follow-up-check-missed\", where = { reason = \"declined\" } }]\n";
    let never = fault_in("9.2", declined, "");
    assert!(never.contains("stays open if the client declines a check"), "{never}");
    let otherwise = declined.replace("declined", "not-reached");
    assert!(fault_in("9.2", declined, &otherwise).contains("stays open if the client declines a check"));
    assert_eq!(
        fault("check-days-before = 14", "check-days-before = 60"),
        "`check-days-before` must be at most 28"
    );
}

#[test]
fn follow_up_checks_do_not_recur() {
    let checks = "\"contract-flipped\"]\ndeadline = \"follow-up-checks\"";
    let again = checks.replace(']', ", \"follow-up-check-held\"]\nrecurs = true");
    assert_eq!(fault_in("9.2", checks, &again), "follow-up checks already repeat; they cannot recur");
}

#[test]
fn a_keeping_that_cannot_be_undone_is_a_fault() {
    let undone = "undone-by = { facts = [\"offer-withdrawn\"], same = \"offerId\" }";
    let undone_by = |text: &str| fault_in("1.4", undone, &format!("undone-by = {text}"));
    assert_eq!(undone_by("{ facts = [], same = \"offerId\" }"), "name at least one fact, or leave this out");
    assert_eq!(
        undone_by("{ facts = [\"intake-registered\"], same = \"occurredOn\" }"),
        "no `intake-registered` can come after what keeps it"
    );
    assert!(
        undone_by("{ facts = [\"rent-missed\"], same = \"offerId\" }").contains("has no field `offerId`")
    );
    let runs_on = "only a deadline in days, weeks or months that neither recurs nor is paused can run on";
    assert_eq!(fault_in("1.4", "{ months = 3 }", "\"same-day\""), runs_on);
    assert_eq!(fault_in("1.4", "source =", "paused-by = [\"absence\"]\nsource ="), runs_on);
}

#[test]
fn settings_out_of_range_are_faults() {
    assert_eq!(fault("offers = 1", "offers = 0"), "`offers` must be at least 1");
    assert_eq!(fault("quiet-weeks = 8", "quiet-weeks = 0"), "`quiet-weeks` must be at least 1");
    assert_eq!(fault("suppress-below = 5", "suppress-below = 2"), "`suppress-below` must be at least 3");
    assert_eq!(fault("quiet-weeks = 8", "quiet-weeks = 6000"), "`quiet-weeks` must be at most 104");
    assert_eq!(fault("due-soon-days = 14", "due-soon-days = 1400"), "`due-soon-days` must be at most 366");
    assert_eq!(
        fault("flip-expected-after-months = 24", "flip-expected-after-months = 2400"),
        "`flip-expected-after-months` must be at most 600"
    );
    assert_eq!(fault("months = 36", "months = 65000"), "`months` must be at most 600");
    assert_eq!(fault_in("4.1", "{ weeks = 6 }", "{ weeks = 65000 }"), "at most 2400 weeks");
    assert_eq!(
        fault("warnings-apart-days = 14", "warnings-apart-days = 0"),
        "`warnings-apart-days` must be at least 1"
    );
    assert_eq!(fault("notice-months = 3", "notice-months = 30"), "`notice-months` must be at most 24");
    assert_eq!(
        fault("notice-months-in-danger = 1", "notice-months-in-danger = 4"),
        "the term of notice in danger is longer than the usual one"
    );
    assert_eq!(
        fault("days-from-approved-day = 7", "days-from-approved-day = 70"),
        "`days-from-approved-day` must be at most 31"
    );
}

#[test]
fn an_order_of_candidates_begins_with_the_conditions_and_ends_with_the_lot() {
    let order = |keys: &str| fault("offers = 1", &format!("offers = 1\norder = [{keys}]"));
    assert_eq!(order("\"ready-since\", \"lot\""), "`order` must begin with `hard-met`");
    assert_eq!(order("\"hard-met\", \"ready-since\""), "`order` must end with `lot`");
    assert_eq!(order("\"hard-met\", \"lot\", \"lot\""), "there is a duplicate in `order`");
    assert!(order("\"hard-met\", \"score\", \"lot\"").contains("unknown variant `score`"));
    assert_eq!(
        fault("offers = 1", "offers = 1\nconcentration-above-percent = 0"),
        "`concentration-above-percent` must be from 1 to 100"
    );
}

#[test]
fn settings_that_name_nothing_are_faults() {
    assert_eq!(fault("open-matters = \"8.4\"", "open-matters = \"8.9\""), "the set has no obligation 8.9");
    for levels in ["[0, 5]", "[3, 2]", "[2, 2]"] {
        assert_eq!(
            fault("acute-levels = [2, 3]", &format!("acute-levels = {levels}")),
            "acute levels must be from 2 to 4, each once and in order"
        );
    }
    assert_eq!(
        fault("regions = [\"haaglanden\"]", "regions = [\"haaglanden\", \"haaglanden\"]"),
        "there is a duplicate in `regions`"
    );
    assert_eq!(
        fault("contract-models = [\"intermediary\", \"temporary\"]", "contract-models = []"),
        "name at least one contract model"
    );
    assert_eq!(
        fault_in("4.1", "source =", "contract-models = []\nsource ="),
        "it applies under no lease; leave this out if it applies under all"
    );
    assert_eq!(fault("nl = \"gemeld\"", "nl = \" \""), "this text is empty");
}

#[test]
fn a_limit_with_a_date_that_not_every_way_to_the_level_has_is_a_fault() {
    assert_eq!(
        fault_in("6.7", "{ on = \"until\", else-weeks = 6 }", "{ on = \"until\" }"),
        "a case can come to this level without such a date; give the limit for that in `else-weeks`"
    );
    assert_eq!(
        fault_in("6.7", "{ on = \"until\", else-weeks = 6 }", "{ else-weeks = 6 }"),
        "`else-weeks` needs a date in `on`"
    );
    assert_eq!(
        fault_in("6.6", "{ weeks = 6 }", "{ before = \"nuisance-resolved\" }"),
        "what must happen at a level has a limit in days, weeks or months, or a date"
    );
}

#[test]
fn an_obligation_that_no_fact_can_keep_at_its_level_is_a_fault() {
    for kind in ["nuisance-resolved", "nuisance-reopened", "intake-registered"] {
        let kept_by = format!("kept-by = [\"{kind}\", \"eviction-prevented\"");
        assert_eq!(
            fault_in("6.8", "kept-by = [\"eviction-prevented\"", &kept_by),
            format!("no `{kind}` can happen in a case at level 5 or above it")
        );
    }
}

#[test]
fn an_obligation_of_a_level_starts_with_the_level_and_nothing_else() {
    assert_eq!(
        fault_in("6.3", "level = 1", "level = 1\nstarts-with = [\"escalated\"]"),
        "no `escalated` brings a case to level 1"
    );
    assert_eq!(fault_in("6.3", "level = 1", "level = 6"), "a nuisance level must be from 0 to 5");
    for (key, why) in [
        ("same = \"caseId\"", "it is about the case that comes to the level; leave this out"),
        ("one-at-a-time = true", "it starts whenever a case comes to the level; leave this out"),
        (
            "counts-since = [\"nuisance-reported\"]",
            "it counts from the day on which a case comes to the level; leave this out",
        ),
    ] {
        let found = faults(&[("level = 3\ndeadline", &format!("level = 3\n{key}\ndeadline"))]);
        assert!(found.iter().any(|fault| fault.ends_with(why)), "{key}: {found:#?}");
    }
}

#[test]
fn one_fault_hides_no_other() {
    let found = faults(&[
        ("responsible = [\"care-provider\"]", "responsible = [\"care-provder\", \"muncipality\"]"),
        ("id = \"1.2\"", "id = \"1.1\""),
    ]);
    for expected in
        ["unknown variant `care-provder`", "unknown variant `muncipality`", "obligation 1.1 is defined twice"]
    {
        assert!(found.iter().any(|fault| fault.contains(expected)), "{expected} in {found:#?}");
    }
    let found = faults(&[
        ("home-in-time = \"1.4\"", "home-in-time = \"1.9\""),
        ("good-friday = false", "good-friday = 1"),
    ]);
    assert!(found.iter().any(|fault| fault.ends_with("the set has no obligation 1.9")), "{found:#?}");
}

#[test]
fn an_obligation_is_listed_under_its_own_agreement() {
    assert_eq!(fault("id = \"4.5\"", "id = \"7.9\""), "obligation 7.9 is listed under agreement 4");
}

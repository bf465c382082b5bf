//! Cases at every stage that changes what a role sees.

use omklap_tests::{Case, Ledger, sample_fact};
use serde_json::json;

use super::table::Stage;

/// Facts of a tenancy: one fact of as many kinds as fit together.
const AT_HOME: [&str; 52] = [
    "contact-person-assigned",
    "representative-appointed",
    "client-journey-recorded",
    "privacy-explained",
    "consent-given",
    "first-rent-help-requested",
    "first-rent-covered",
    "first-rent-repaid",
    "obstacle-removed",
    "budget-coach-sent",
    "place-found",
    "neighbourhood-meeting-held",
    "neighbourhood-informed",
    "neighbourhood-circle-joined",
    "welcome-talk-held",
    "relapse-plan-agreed",
    "neighbours-met",
    "evaluation-held",
    "annual-review-held",
    "guidance-scaled",
    "signal-reported",
    "signal-answered",
    "case-discussed",
    "temporary-placement-started",
    "returned-home",
    "absence-started",
    "absence-ended",
    "rent-missed",
    "arrears-plan-agreed",
    "arrears-cleared",
    "financial-support-assigned",
    "debt-arrangement-started",
    "damage-reported",
    "damage-settled",
    "departure-agreed",
    "nuisance-reported",
    "reporter-informed",
    "approach-agreed",
    "escalated",
    "return-requested",
    "light-wmo-test-done",
    "return-request-withdrawn",
    "rent-at-flip-disclosed",
    "rent-changed",
    "renovation-started",
    "renovation-ended",
    "dwelling-redivided",
    "care-indication-ended",
    "second-provider-joined",
    "region-transfer-proposed",
    "flip-condition-reviewed",
    "lease-end-agreed",
];

/// Cases at every stage, each with the stage of its corporation.
pub fn stages(ledger: &Ledger) -> Vec<(Stage, Case)> {
    let mut at_home = ledger.housed();
    at_home.reports_all(AT_HOME);
    let mut offered = ledger.offered();
    offered.reports(sample_fact("case-discussed"));
    let mut ended = ledger.preparing();
    ended.reports("trajectory-ended");
    let mut twice = ledger.preparing();
    twice.reports(sample_fact("registered-by-mistake").with("sameAs", ended.id.as_str()));
    let mut moved_away = ledger.housed();
    moved_away.reports(sample_fact("trajectory-ended").with("outcome", "moved-away"));
    let mut said_wrong = ledger.housed();
    said_wrong.reports_all(["signal-reported", "signal-answered"]);
    for number in [said_wrong.version, said_wrong.version - 1] {
        said_wrong.reports(sample_fact("event-corrected").with("corrects", number));
    }
    let mut settling = of_three_parties(ledger);
    settling.reports_all(["rent-missed", "damage-reported", "guarantee-fund-claimed", "nuisance-reported"]);
    settling.reports(sample_fact("trajectory-ended").with("outcome", "moved-away"));
    let mut flipped = ledger.flipped();
    flipped.months_later(3).reports_all(["follow-up-check-held", "return-requested"]);
    vec![
        (Stage::Unknown, ledger.preparing()),
        (Stage::Unknown, ledger.ready()),
        (Stage::Unknown, ended),
        (Stage::Unknown, twice),
        (Stage::Unknown, moved_away),
        (Stage::Unknown, not_ready(ledger)),
        (Stage::Nominated, offered_twice(ledger)),
        (Stage::Nominated, elsewhere(ledger)),
        (Stage::Nominated, offered_elsewhere(ledger)),
        (Stage::Matched, temporary(ledger)),
        (Stage::Matched, troubled(ledger)),
        (Stage::Nominated, ledger.matching()),
        (Stage::Admission, weighing(ledger)),
        (Stage::Nominated, offered),
        (Stage::Matched, ledger.contracting()),
        (Stage::Matched, at_home),
        (Stage::Matched, said_wrong),
        (Stage::Matched, moved(ledger)),
        (Stage::Matched, taken_over(ledger)),
        (Stage::Matched, of_three_parties(ledger)),
        (Stage::Matched, paid_by_the_fund(ledger)),
        (Stage::Flipped, own_from_the_start(ledger)),
        (Stage::Matched, talked_twice(ledger)),
        (Stage::Unconsented, unconsented(ledger)),
        (Stage::Settling, settling),
        (Stage::Matched, ledger.agreed_to_flip()),
        (Stage::Flipped, flipped),
    ]
}

/// At home with a new corporation. The former one has a claim without an answer.
pub fn moved(ledger: &Ledger) -> Case {
    let mut case = of_three_parties(ledger);
    case.reports_all(["damage-reported", "guarantee-fund-claimed", "housing-requested"]);
    let (offer, lease) = ("0ffe0002-0000-4000-8000-000000000002", "1ea50002-0000-4000-8000-000000000002");
    case.reports(sample_fact("corporation-assigned").with("corporation", "woonoord"));
    case.reports(sample_fact("dwelling-offered").with("corporation", "woonoord").with("offerId", offer));
    case.reports(sample_fact("offer-accepted").with("offerId", offer));
    let mut moves = case.next("housed-under-intermediary-lease");
    moves["terms"]["leaseId"] = lease.into();
    moves["terms"]["corporation"] = "woonoord".into();
    case.reports(sample_fact("housed-under-intermediary-lease").with("terms", moves["terms"].clone()));
    case
}

/// A corporation weighs the profile, with the client's consent, and sat at the case table.
fn weighing(ledger: &Ledger) -> Case {
    let mut case = ledger.matching();
    let shared = json!(["housing-corporation"]);
    case.reports(sample_fact("consent-given").with("scope", "outflow-profile").with("recipients", shared));
    let attendees = json!([
        {"party": "care-provider", "organisation": "de-vaart"},
        {"party": "housing-corporation", "organisation": "stadswonen"},
    ]);
    case.reports(sample_fact("case-discussed").with("attendees", attendees));
    case.reports_all(["case-discussed", "obstacle-removed", "budget-coach-sent", "place-found"]);
    case.reports(sample_fact("preparation-step-completed").with("step", "income-arranged"));
    case
}

/// At home with one corporation, while another offers a dwelling.
pub fn elsewhere(ledger: &Ledger) -> Case {
    let mut case = taken_over(ledger);
    case.reports("housing-requested");
    offered_by_another(case)
}

/// One corporation withdrew its offer and handed the assignment back, and another makes an offer.
fn offered_elsewhere(ledger: &Ledger) -> Case {
    let mut case = ledger.offered();
    case.reports("fitting-test-done");
    case.reports(sample_fact("offer-withdrawn").with("explanation", "let to somebody else by mistake"));
    case.reports("assignment-returned");
    offered_by_another(case)
}

fn offered_by_another(mut case: Case) -> Case {
    case.reports(sample_fact("corporation-assigned").with("corporation", "woonoord"));
    let second = sample_fact("dwelling-offered").with("offerId", "0ffe0002-0000-4000-8000-000000000002");
    case.reports(second.with("corporation", "woonoord").with("unit", "VHE-00999"));
    case
}

/// At home; the client withdrew all consents.
fn unconsented(ledger: &Ledger) -> Case {
    let mut case = ledger.housed();
    case.reports_all(["debt-arrangement-started", "relapse-plan-agreed"]);
    for scope in ["outflow-profile", "guidance-goals", "health", "finances", "contact-with-neighbours"] {
        let recipients = json!(["housing-corporation", "matching-point"]);
        case.reports(sample_fact("consent-given").with("scope", scope).with("recipients", recipients));
        case.reports(sample_fact("consent-withdrawn").with("scope", scope));
    }
    case
}

/// Not ready after all, with a request that was returned.
fn not_ready(ledger: &Ledger) -> Case {
    let mut case = ledger.preparing();
    case.reports_all(["outflow-announced", "preparation-step-completed", "outflow-profile-set"]);
    case.reports_all(["readiness-confirmed", "housing-requested", "request-returned", "readiness-revoked"]);
    case
}

/// One offer was refused, and another withdrawn.
fn offered_twice(ledger: &Ledger) -> Case {
    let (mut case, second) = (ledger.offered(), "0ffe0002-0000-4000-8000-000000000002");
    case.reports_all(["offer-refused", "second-offer-granted"]);
    case.reports(sample_fact("dwelling-offered").with("offerId", second).with("unit", "VHE-00999"));
    case.reports(sample_fact("offer-withdrawn").with("offerId", second));
    case
}

/// At home under a temporary lease, which was extended.
fn temporary(ledger: &Ledger) -> Case {
    let of_2020 = json!({"id": "amsterdam-2020", "version": 1});
    let mut case = ledger.opens(sample_fact("intake-registered").with("agreementSet", of_2020));
    case.reports_all(["outflow-profile-set", "readiness-confirmed", "housing-requested"]);
    case.reports_all(["corporation-assigned", "dwelling-offered", "offer-accepted"]);
    case.reports_all(["housed-under-temporary-lease", "lease-extended"]);
    case
}

/// At home when the region started with the ledger, with obligations kept before and an open
/// nuisance case.
fn taken_over(ledger: &Ledger) -> Case {
    let terms = json!({
        "leaseId": "1ea50001-0000-4000-8000-000000000001", "careProvider": "de-vaart", "corporation": "stadswonen",
        "unit": "VHE-00412", "rentCents": 62_000, "careAgreement": "dms:care-agreement-4",
        "careForm": "individual-guidance"
    });
    let nuisance =
        json!([{"caseId": "ca5e0001-0000-4000-8000-000000000001", "level": 2, "reportedOn": "day-30"}]);
    ledger.opens(
        sample_fact("running-case-taken-over")
            .with("clientContact", "06 12 34 56 78")
            .with("phase", "housed")
            .with("readyOn", "day-500")
            .with("corporation", "stadswonen")
            .with("lease", json!({"model": "intermediary", "startedOn": "day-400", "terms": terms}))
            .with("alreadyKept", json!([{"obligation": "3.1", "keptOn": "day-420"}]))
            .with("openNuisanceCases", nuisance),
    )
}

/// At home under a lease in the client's own name, under an agreement set that replaced another.
fn own_from_the_start(ledger: &Ledger) -> Case {
    let mut case = ledger.contracting();
    let other = json!({"id": "amsterdam-2020", "version": 1});
    case.reports(sample_fact("agreement-set-changed").with("agreementSet", other));
    case.reports_all(["housed-under-own-lease", "living-agreements-signed", "annual-review-held"]);
    case
}

/// At home under a three-party lease, under an agreement set that replaced another.
fn of_three_parties(ledger: &Ledger) -> Case {
    let mut case = ledger.backed_by_the_fund();
    case.reports("annual-review-held");
    case
}

/// Two claims on the guarantee fund; it answered one.
fn paid_by_the_fund(ledger: &Ledger) -> Case {
    let mut case = of_three_parties(ledger);
    case.reports_all(["damage-reported", "guarantee-fund-claimed", "guarantee-fund-settled"]);
    let due_on = case.next("rent-missed")["dueOn"].clone();
    case.reports("rent-missed");
    let second = sample_fact("guarantee-fund-claimed")
        .with("claimId", "c1a10002-0000-4000-8000-000000000002")
        .with("ground", "arrears")
        .without("damageId")
        .with("rentsDueOn", json!([due_on]));
    case.reports(second);
    case
}

/// At home; a flip was postponed, and cancelled after the next talk.
fn talked_twice(ledger: &Ledger) -> Case {
    let (mut case, second) = (ledger.housed(), "7a1c0002-0000-4000-8000-000000000002");
    case.months_later(12).reports("flip-talk-held");
    case.reports(
        sample_fact("flip-position-given")
            .with("position", "not-yet")
            .with("reason", "the debts are not paid"),
    );
    case.reports("flip-postponed");
    case.months_later(3)
        .reports(sample_fact("flip-talk-held").with("talkId", second))
        .reports("rent-at-flip-disclosed")
        .all_agree_on(&json!(second));
    case.reports(sample_fact("flip-cancelled").with("talkId", second));
    case
}

/// At home, with a nuisance case that went through all levels, and two that were unfounded or
/// handed over.
fn troubled(ledger: &Ledger) -> Case {
    let mut case = ledger.scaled_up();
    case.reports("warning-issued").months_later(1).reports("warning-issued");
    case.reports_all(["last-chance-agreed", "lease-termination-started", "eviction-ordered"]);
    case.reports_all(["eviction-prevented", "deescalated", "nuisance-resolved", "nuisance-reopened"]);
    for (ends, id) in [
        ("nuisance-found-unfounded", "ca5e0002-0000-4000-8000-000000000002"),
        ("nuisance-handed-over", "ca5e0003-0000-4000-8000-000000000003"),
    ] {
        case.reports(sample_fact("nuisance-reported").with("caseId", id));
        case.reports(sample_fact(ends).with("caseId", id));
    }
    case
}

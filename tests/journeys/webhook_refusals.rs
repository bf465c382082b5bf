//! A receiver refuses some messages and accepts the others.

use omklap_tests::{Answers, Case, Ledger, Received, Receiver};
use serde_json::{Value, json};

use crate::webhook_faults::{path, waits_for_attempt, waits_until};

#[test]
fn a_refused_trajectory_does_not_hold_back_others() {
    let ledger = Ledger::empty();
    let receiver = Receiver::that_answers(Answers::With(204));
    let path = path(&receiver.subscribe(&ledger));
    let mut refused = ledger.preparing();
    let mut others = ledger.preparing();
    let _ = receiver.waits_for(2);
    receiver.now_answers(Answers::FailingFor(refused.id.clone()));
    refused.reports("outflow-profile-set").reports("readiness-confirmed");
    others.reports("outflow-profile-set").reports("readiness-confirmed");
    let _ = receiver.waits_for(4);
    let held = waits_until(&ledger, &path, |subscription| subscription["heldBack"] == 1);
    assert_eq!(held["state"], "active");
    receiver.now_answers(Answers::With(204));
    ledger.minutes_pass(1);
    let messages = receiver.waits_for(6);
    assert_eq!(versions_of(&messages, &refused), [1, 2, 3], "in order");
}

#[test]
fn a_message_that_is_refused_for_three_days_is_given_up_while_others_go_on() {
    let ledger = Ledger::empty();
    let receiver = Receiver::that_answers(Answers::With(204));
    let path = path(&receiver.subscribe(&ledger));
    let mut refused = ledger.preparing();
    let mut others = ledger.preparing();
    let _ = receiver.waits_for(2);
    receiver.now_answers(Answers::FailingFor(refused.id.clone()));
    refused.reports("outflow-profile-set");
    for attempts in 1..=13 {
        let _ = waits_for_attempt(&ledger, &path, 1 + 2 * attempts);
        // Messages about others are accepted in between, so the receiver as a whole does not fail.
        others.reports("contact-person-assigned");
        let _ = receiver.waits_for(2 + attempts);
        ledger.minutes_pass(30 * 60);
    }
    let subscription = waits_until(&ledger, &path, |subscription| subscription["notices"] != json!([]));
    assert_eq!(subscription["notices"][0]["notice"], "message-given-up");
    assert_eq!(subscription["state"], "active");
    receiver.now_answers(Answers::With(204));
    refused.reports("readiness-confirmed");
    let messages = receiver.waits_for(2 + 13 + 1);
    assert_eq!(versions_of(&messages, &refused), [1, 3], "it continues after the message that was given up");
}

#[test]
fn messages_that_are_answered_with_400_do_not_delay_others() {
    let ledger = Ledger::empty();
    let receiver = Receiver::that_answers(Answers::ToKind(400, "intake-registered"));
    let path = path(&receiver.subscribe(&ledger));
    let refused: Vec<_> = (0..6).map(|_| ledger.preparing()).collect();
    let held = waits_until(&ledger, &path, |subscription| subscription["heldBack"] == 6);
    assert_eq!((&held["state"], held.get("restsUntil")), (&json!("active"), None), "{held:#}");
    let mut others = accepted_case(&receiver, &ledger);
    // The clock does not move: nothing waits for the end of a pause.
    others.reports("outflow-profile-set").reports("readiness-confirmed");
    let messages = receiver.waits_for(3);
    assert_eq!(versions_of(&messages, &others), [1, 2, 3]);
    assert_eq!(versions_of(&messages, &refused[0]), [] as [u64; 0]);
}

#[test]
fn messages_that_are_answered_with_500_delay_others_only_briefly() {
    let ledger = Ledger::empty();
    let receiver = Receiver::that_answers(Answers::With(204));
    let path = path(&receiver.subscribe(&ledger));
    let mut others = ledger.preparing();
    let _ = receiver.waits_for(1);
    receiver.now_answers(Answers::ToKind(500, "intake-registered"));
    let _broken: Vec<_> = (0..12).map(|_| ledger.preparing()).collect();
    let resting = |subscription: &Value| subscription["restsUntil"].is_string();
    let first_rest = waits_until(&ledger, &path, resting)["restsUntil"].clone();
    others.reports("outflow-profile-set");
    // Five of the twelve fail before the first pause, five more before the second, and the rest
    // after it.
    ledger.seconds_pass(10);
    let _ = waits_until(&ledger, &path, |now| resting(now) && now["restsUntil"] != first_rest);
    ledger.seconds_pass(40);
    let _ = receiver.waits_for(2);
    // The failing messages are due again by now, and are known to fail.
    for (pause, kind) in [(40, "readiness-confirmed"), (150, "housing-requested")] {
        ledger.seconds_pass(pause);
        let before = receiver.accepted().len();
        others.reports(kind);
        let _ = receiver.waits_for(before + 1);
    }
    assert_eq!(versions_of(&receiver.accepted(), &others), [1, 2, 3, 4]);
}

// Vocabulary.

/// A new case whose first message is accepted.
fn accepted_case(receiver: &Receiver, ledger: &Ledger) -> Case {
    let before = receiver.accepted().len();
    receiver.now_answers(Answers::With(204));
    let others = ledger.preparing();
    let _ = receiver.waits_for(before + 1);
    receiver.now_answers(Answers::ToKind(400, "intake-registered"));
    others
}

fn versions_of(messages: &[Received], case: &Case) -> Vec<u64> {
    let of_case = messages.iter().filter(|message| message.about() == case.id);
    of_case.filter_map(|message| message.body["data"]["version"].as_u64()).collect()
}

//! Requests of any size that are made to be expensive.

use serde_json::{Value, json};

use crate::case;

/// A body of about this many bytes.
type Body = fn(usize) -> String;

/// Bodies that are one value.
pub const BODIES: [(&str, Body); 9] = [
    ("telephone numbers in a text", |size| with_text("+31 111222333", size)),
    ("nearly a citizen service number", |size| with_text("1 1 1 2 2 2 3 3 4 ", size)),
    ("what is nearly a UUID", |size| with_text("0b8f1e6a-1111-4222-8333-44445555666g", size)),
    ("an unknown kind of fact, long", |size| json!({"type": "rent-missed".repeat(size / 11)}).to_string()),
    ("a list without end in a fact", |size| {
        let recipients = vec!["client"; size / 9];
        json!({"type": "consent-given", "occurredOn": "2026-01-01", "scope": "health", "recipients": recipients}).to_string()
    }),
    ("unknown fields", |size| {
        let fields: serde_json::Map<_, _> = (0..size / 11).map(|n| (format!("f{n}"), json!(1))).collect();
        Value::Object(fields).to_string()
    }),
    ("the same field again and again", |size| format!("{{{}\"a\":1}}", "\"a\":1,".repeat(size / 6))),
    ("brackets", |size| "[".repeat(size)),
    ("escapes under a long name", |size| {
        format!("{{\"{}\":[{}0]}}", "k".repeat(size / 2), "\"\\u0000\",".repeat(size / 18))
    }),
];

fn with_text(text: &str, size: usize) -> String {
    json!({"type": "privacy-explained", "occurredOn": "2026-01-01", "x": text.repeat(size / text.len())})
        .to_string()
}

/// A fact by its place in a list.
type InPlace = fn(u32) -> Value;

/// Lists of facts, by their place in the list.
pub const LISTS: [(&str, InPlace); 9] = [
    ("texts of digits and marks", |_| {
        let outcome = "1,2;".repeat(250);
        json!({"type": "case-discussed", "occurredOn": "2026-01-01", "bottleneck": "other", "outcome": outcome})
    }),
    ("facts that are wrong", |_| json!({"type": "rent-missed", "colour": 1})),
    ("facts of unknown kinds", |n| json!({"type": format!("{n}-rent-missed-at-flip-disclosed")})),
    ("facts in their order", |_| plan(0)),
    ("late facts, all alike", |n| plan(n)),
    ("late facts, each remembered", |n| signal(n, n)),
    ("signals, each answered", |n| if n % 2 == 0 { signal(0, n) } else { answered(n - 1) }),
    ("signals, answered in the end", |n| if n < 1_500 { signal(0, n) } else { answered(n - 1_500) }),
    ("corrections", |n| {
        if n == 0 {
            plan(0)
        } else {
            json!({"type": "event-corrected", "occurredOn": on(0), "corrects": 2, "reason": "so it was"})
        }
    }),
];

/// The last day of the case, or a day this many days earlier, within two years.
fn on(days_before: u32) -> String {
    case::today().plus_days(-i32::try_from(days_before % 700).expect("two years")).to_string()
}

fn plan(n: u32) -> Value {
    json!({"type": "guidance-plan-agreed", "occurredOn": on(n), "level": 2})
}

fn signal(n: u32, id: u32) -> Value {
    json!({"type": "signal-reported", "occurredOn": on(n), "signalId": signal_id(id), "source": "family",
           "kind": "loneliness", "asked": "care-provider", "asksForGuidance": false, "observation": "alleen"})
}

fn answered(id: u32) -> Value {
    json!({"type": "signal-answered", "occurredOn": on(0), "signalId": signal_id(id), "answer": "gebeld"})
}

fn signal_id(id: u32) -> String {
    format!("00000000-0000-4000-8000-{id:012}")
}

/// Headers: their contents, their names and the text that is repeated.
pub const HEADERS: [(&str, &str, &str); 4] = [
    ("telephone numbers", "Idempotency-Key", "+31 111222333"),
    ("languages", "Accept-Language", "nl;q=0.1,"),
    ("traces", "traceparent", "00-0af7651916cd43dd8448eb211c80319c-"),
    ("a version", "If-Match", "\"1\","),
];

/// Queries: their contents, their path and the text that is repeated.
pub const QUESTIONS: [(&str, &str, &str); 4] = [
    ("a kind again and again", "/v1/feed?types=", "rent-missed,"),
    ("a long cursor", "/v1/trajectories?cursor=", "12d687.3f9a0c44b1e2"),
    ("unknown parameters", "/v1/trajectories?", "a=1&"),
    ("a parameter again and again", "/v1/trajectories?", "phase=ready&"),
];

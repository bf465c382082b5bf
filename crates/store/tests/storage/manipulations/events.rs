//! Manipulations of recorded events, and forged ones.

use super::Manipulation;

/// Changes of recorded events. Positions 1, 2, 3, 6 and 7 are the first case, 4 and 5 the second; 7
/// is not signed yet.
pub const EVENTS: &[Manipulation] = &[
    (
        "UPDATE events SET payload = replace(payload::text, 'de-vaart', 'de-haven')::json WHERE position = 1",
        &[
            "check: trajectory",
            "read: event 1",
            "feed: event 1",
            "list: event 1",
            "report: event 1",
            "file: event 1",
        ],
    ),
    (
        "UPDATE events SET payload = replace(payload::text, '2026-02-03', '2026-02-02')::json WHERE position = 2",
        &["check: trajectory", "read: event 2", "feed: event 2", "report: event 2", "file: event 2"],
    ),
    (
        "UPDATE events SET payload = replace(payload::text, ':', ' : ')::json WHERE position = 3",
        &["check: trajectory", "read: event 3", "file: event 3"],
    ),
    (
        "UPDATE events SET metadata = replace(metadata::text, 'u-7f3a', 'u-7f3b')::json WHERE position = 2",
        &["check: trajectory", "read: event 2", "report: event 2", "file: event 2"],
    ),
    (
        "UPDATE events SET recorded_at = recorded_at - interval '1 day' WHERE position = 7",
        &["check: trajectory", "read: event 5", "sign: event 5", "file: event 5"],
    ),
    (
        "UPDATE events SET event_id = gen_random_uuid() WHERE position = 3",
        &["check: trajectory", "read: event 3", "feed: event 3"],
    ),
    (
        "UPDATE events SET event_type = 'neighbours-met' WHERE position = 2",
        &["check: trajectory", "read: event 2", "feed: event 2"],
    ),
    ("UPDATE events SET event_version = '0.9' WHERE position = 2", &["check: trajectory", "read: event 2"]),
    (
        "UPDATE events SET hash = sha256('x') WHERE position = 2",
        &["check: trajectory", "read: event 2", "report: event 2"],
    ),
    (
        "UPDATE events SET hash = sha256('x') WHERE position = 7",
        &["check: trajectory", "read: event 5", "sign: event 5"],
    ),
    (
        "UPDATE events SET hash = NULL, previous_hash = NULL, mac = NULL WHERE position = 7",
        &["check: trajectory", "read: event 5", "sign: event 5"],
    ),
    (
        "UPDATE events SET mac = NULL WHERE position = 2",
        &["event 2 was not admitted", "read: event 2", "feed: event 2"],
    ),
    (
        "UPDATE events SET mac = sha256(hash) WHERE position = 2",
        &["event 2 was not admitted", "read: event 2"],
    ),
    (
        "UPDATE events SET mac = (SELECT mac FROM events WHERE position = 3) WHERE position = 2",
        &["event 2 was not admitted", "read: event 2"],
    ),
    (
        "UPDATE events SET previous_hash = sha256('x') WHERE position = 3",
        &["check: trajectory", "read: event 3", "report: event 3"],
    ),
    ("UPDATE events SET position = DEFAULT WHERE position = 2", &["check: leaf 1"]),
    ("UPDATE events SET position = DEFAULT WHERE position = 6", &["check: leaf 6"]),
    (
        "UPDATE events SET sequence = 9 WHERE position = 7",
        &["check: trajectory", "read: event 9", "sign: event 9"],
    ),
    (
        "UPDATE events SET payload = (SELECT other.payload FROM events AS other WHERE other.position = 5 - events.position) WHERE position IN (2, 3)",
        &["check: trajectory", "read: event 2"],
    ),
    (
        "UPDATE events SET payload = '{}' WHERE position = 2",
        &["cannot be read", "read: event 2", "feed: event 2"],
    ),
    (
        "UPDATE events SET aggregate_type = 'trajectorx' WHERE position = 7",
        &["check: trajectorx", "feed: event 5", "sign: event 5"],
    ),
    (
        "DELETE FROM events WHERE position = 2",
        &["check: leaf 1", "read: event 3", "report: event 3", "file: event 3"],
    ),
    ("DELETE FROM events WHERE position = 1", &["check: leaf 0", "read: event 2"]),
    ("DELETE FROM events WHERE position = 6", &["check: leaf 6", "read: event 5", "sign: event 5"]),
    ("DELETE FROM events WHERE position = 5", &["check: leaf 5"]),
    ("DELETE FROM events WHERE position IN (4, 5)", &["check: leaf 3", "check: leaf 5"]),
    ("TRUNCATE events", &["check: leaf 0"]),
    // The last, unsigned one: nothing of it is left in the events, but its row in the list says more.
    ("DELETE FROM events WHERE position = 7", &["rows: trajectories"]),
];

/// Facts that nobody reported, with hashes that are right: who can run SQL can compute SHA-256.
pub const FORGERIES: &[Manipulation] = &[
    (
        "UPDATE events SET payload = replace(payload::text, 'de-vaart', 'de-haven')::json WHERE position = 1; {REHASH}",
        &["check: leaf 0", "event 1 was not admitted", "read: event 1 ", "feed: event 1 ", "report: event 1 ", "file: event 1 "],
    ),
    (
        "UPDATE events SET payload = replace(payload::text, '2026-02-04', '2026-02-05')::json WHERE position = 7; {REHASH}",
        &["event 5 was not admitted", "read: event 5", "sign: event 5", "file: event 5"],
    ),
    (
        "UPDATE events SET metadata = replace(metadata::text, 'u-7f3a', 'u-9999')::json WHERE position = 7; {REHASH}",
        &["event 5 was not admitted", "read: event 5", "sign: event 5"],
    ),
    (
        "UPDATE events SET recorded_at = recorded_at + interval '1 day' WHERE position = 7; {REHASH}",
        &["event 5 was not admitted", "read: event 5"],
    ),
    (
        "INSERT INTO events (aggregate_type, aggregate_id, sequence, event_type, event_version, payload, metadata, recorded_at)
         SELECT aggregate_type, aggregate_id, 6, event_type, event_version, payload, metadata, recorded_at FROM events WHERE position = 2; {REHASH}",
        &["event 6 was not admitted", "read: event 6", "feed: event 6", "sign: event 6", "report: event 6", "file: event 6"],
    ),
    (
        "INSERT INTO events (aggregate_type, aggregate_id, sequence, event_type, event_version, payload, metadata, recorded_at, mac)
         SELECT aggregate_type, aggregate_id, 6, event_type, event_version, payload, metadata, recorded_at, mac FROM events WHERE position = 7; {REHASH}",
        &["event 6 was not admitted", "read: event 6", "sign: event 6"],
    ),
    (
        "INSERT INTO events (aggregate_type, aggregate_id, sequence, event_type, event_version, payload, metadata)
         SELECT aggregate_type, gen_random_uuid(), 1, event_type, event_version, payload, metadata FROM events WHERE position = 1; {REHASH}",
        &["event 1 was not admitted", "feed: event 1", "sign: event 1", "rows: trajectories"],
    ),
    (
        "INSERT INTO events (aggregate_type, aggregate_id, sequence, event_type, event_version, payload, metadata)
         SELECT aggregate_type, aggregate_id, 6, event_type, event_version, payload, metadata FROM events WHERE position = 2",
        &["event 6 was not admitted", "read: event 6", "feed: event 6", "sign: event 6", "report: event 6"],
    ),
    (
        "INSERT INTO events (aggregate_type, aggregate_id, sequence, event_type, event_version, payload, metadata, recorded_at, previous_hash, hash, mac, event_id)
         SELECT aggregate_type, gen_random_uuid(), 1, event_type, event_version, payload, metadata, recorded_at, previous_hash, hash, mac, event_id FROM events WHERE position = 1",
        &["check: trajectory", "feed: event 1", "sign: event 1"],
    ),
    (
        "INSERT INTO events (aggregate_type, aggregate_id, sequence, event_type, event_version, payload, metadata)
         SELECT 'deadline', aggregate_id || '/1.4/1.1/2026-05-01', 1, 'obligation-due-soon', '1.0', '{}', '{}' FROM events WHERE position = 1; {REHASH}",
        &["check: deadline", "feed: event 1", "sign: event 1"],
    ),
    (
        "ALTER TABLE events DISABLE TRIGGER USER;
         INSERT INTO events (aggregate_type, aggregate_id, sequence, event_type, event_version, payload, metadata)
         SELECT 'destruction', aggregate_id, 1, 'trajectory-destroyed', '1.0', '{}', '{}' FROM events WHERE position = 1; {REHASH}
         DELETE FROM events WHERE position IN (1, 2, 3, 6, 7); ALTER TABLE events ENABLE TRIGGER USER",
        &["not one that this ledger sealed", "check: leaf 0", "feed: event 1", "sign: event 1"],
    ),
    (
        "ALTER TABLE events DISABLE TRIGGER USER;
         INSERT INTO events (aggregate_type, aggregate_id, sequence, event_type, event_version, payload, metadata)
         SELECT aggregate_type, aggregate_id, 6, 'personal-data-erased', '1.0', '{\"type\":\"personal-data-erased\",\"occurredOn\":\"2026-03-02\"}', '{}' FROM events WHERE position = 1; {REHASH}
         ALTER TABLE events ENABLE TRIGGER USER",
        &["event 6 was not admitted", "read: event 6", "sign: event 6"],
    ),
];

//! More of what a superuser of the database without keys can do: what belongs to one thing is put in
//! the place of another, ends are cut off, and things are added. `docs/SECURITY.md` counts these
//! with the others.

use super::{Manipulation, all_found};

/// Texts, keys and derived rows.
const ROWS: &[Manipulation] = &[
    (
        "UPDATE vault SET sealed = (SELECT other.sealed FROM vault AS other WHERE other.text_id <> vault.text_id ORDER BY other.text_id LIMIT 1)",
        &["rows: a private text", "file: a private text"],
    ),
    ("UPDATE vault SET text_id = gen_random_uuid()", &["rows: a private text of event 1 is missing"]),
    (
        "UPDATE keys.data_keys SET wrapped_key = set_byte(wrapped_key, 20, get_byte(wrapped_key, 20) # 1)",
        &["rows: ", "file: "],
    ),
    (
        "UPDATE keys.data_keys SET wrapped_key = (SELECT other.wrapped_key FROM keys.data_keys AS other WHERE other.trajectory_id <> data_keys.trajectory_id)",
        &["rows: ", "file: "],
    ),
    ("UPDATE obligations SET started_on = started_on - 1", &["rows: obligations"]),
    ("UPDATE obligations SET agreement_set = 'eindhoven@9'", &["rows: obligations"]),
    ("UPDATE obligations SET due_on = due_on - 30", &["rows: obligations"]),
    ("UPDATE trajectories SET region = 'eindhoven'", &["rows: trajectories"]),
    ("UPDATE trajectories SET care_provider = 'de-haven'", &["rows: trajectories"]),
    ("DELETE FROM contributions", &["rows: contributions"]),
];

/// Events and leaves in the place of others, and the tree cut off or made longer.
const TREE: &[Manipulation] = &[
    (
        "UPDATE events SET hash = (SELECT other.hash FROM events AS other WHERE other.position = 6 - events.position) WHERE position IN (2, 4)",
        &["check: trajectory", "read: event 2", "file: event 2"],
    ),
    (
        "UPDATE events SET payload = (payload::text || ' ')::json WHERE position = 2",
        &["check: trajectory", "read: event 2"],
    ),
    (
        "UPDATE events SET metadata = '{}' WHERE position = 3",
        &["check: trajectory", "read: event 3", "file: event 3"],
    ),
    (
        "DELETE FROM events WHERE position IN (6, 7)",
        &["check: leaf 6", "rows: trajectories", "sign: the tree", "file: the tree"],
    ),
    (
        "{TILES} UPDATE ledger_tiles SET hashes = substring(hashes FOR 224), positions = positions[:7]",
        &["check: a tree of 8 leaves was signed, but there are only 7", "sign: the tree", "file: the tree"],
    ),
    (
        "{TILES} UPDATE ledger_tiles SET hashes = hashes || sha256('x'), positions = positions || 99::bigint",
        &["check: leaf 8", "check: the tree has 9 leaves, but only 8 are signed", "sign: the tree"],
    ),
    ("INSERT INTO ledger_tiles VALUES (1, 0, sha256('x'), '{}')", &["check: tile 0 of level 1", "sign: "]),
    (
        "UPDATE checkpoints SET note = (SELECT other.note FROM checkpoints AS other WHERE other.tree_size <> checkpoints.tree_size)",
        &["signed another tree", "sign: the tree", "file: the tree"],
    ),
    (
        "UPDATE checkpoints SET note = split_part(note, E'\\n\\n', 1) || E'\\n' WHERE tree_size = 8",
        &["check: the checkpoint of 8 leaves", "sign: the tree", "file: the tree"],
    ),
    (
        "INSERT INTO checkpoints SELECT 7, note, signed_at FROM checkpoints WHERE tree_size = 8",
        &["check: the checkpoints of 7 to 7 leaves signed another tree"],
    ),
    ("UPDATE checkpoints SET note = note || note WHERE tree_size = 5", &["check: "]),
];

/// The tables of the tree and of the witnesses.
const TABLES: &[Manipulation] = &[
    (
        "{DROP} CREATE TRIGGER a BEFORE INSERT ON checkpoints FOR EACH ROW EXECUTE FUNCTION f()",
        &["schema: trigger a on public.checkpoints"],
    ),
    (
        "{DROP} CREATE TRIGGER a BEFORE INSERT OR UPDATE ON ledger_tiles FOR EACH ROW EXECUTE FUNCTION f()",
        &["schema: trigger a on public.ledger_tiles"],
    ),
    (
        "{DROP} CREATE TRIGGER a BEFORE INSERT ON cosignatures FOR EACH ROW EXECUTE FUNCTION f()",
        &["schema: trigger a on public.cosignatures"],
    ),
    ("GRANT DELETE ON cosignatures TO omklap_app", &["schema: table public.cosignatures"]),
    ("DROP TABLE cosignatures", &["schema: table public.cosignatures is missing", "file: "]),
    ("DROP INDEX cosignatures_by_witness", &["schema: index cosignatures_by_witness"]),
    (
        "ALTER TABLE checkpoints DROP CONSTRAINT checkpoints_tree_size_check",
        &["schema: constraint checkpoints_tree_size_check on public.checkpoints is missing"],
    ),
    ("ALTER TABLE vault ALTER COLUMN sealed DROP NOT NULL", &["schema: column public.vault.sealed"]),
    ("CREATE UNIQUE INDEX a ON events ((payload ->> 'outcome'))", &["schema: index a on public.events"]),
    (
        "ALTER FUNCTION tiles_only_grow() SET search_path = other",
        &["schema: function public.tiles_only_grow()"],
    ),
    (
        "CREATE RULE a AS ON DELETE TO keys.data_keys DO INSTEAD NOTHING",
        &["schema: rule a on keys.data_keys"],
    ),
];

#[tokio::test]
async fn a_text_a_key_or_a_row_in_the_place_of_another_is_found() {
    all_found(ROWS).await;
}

#[tokio::test]
async fn an_event_a_leaf_or_a_checkpoint_in_the_place_of_another_is_found() {
    all_found(TREE).await;
}

#[tokio::test]
async fn a_change_of_the_tables_of_the_tree_and_of_the_witnesses_is_found() {
    all_found(TABLES).await;
}

//! Manipulations of the tree, the vault and derived rows.

use super::Manipulation;

/// The tree, its checkpoints, and what is derived.
pub const TREE_AND_ROWS: &[Manipulation] = &[
    (
        "{TILES} UPDATE ledger_tiles SET hashes = set_byte(hashes, 40, get_byte(hashes, 40) # 1)",
        &["check: leaf 1", "sign: the tree", "file: the tree"],
    ),
    ("{TILES} UPDATE ledger_tiles SET positions[2] = 99", &["check: ", "file: "]),
    ("DELETE FROM ledger_tiles", &["check: a tree of 6 leaves was signed", "sign: the tree"]),
    ("DELETE FROM checkpoints", &["no such checkpoint of 6 leaves", "sign: the tree"]),
    ("DELETE FROM checkpoints WHERE tree_size = 6", &["no such checkpoint of 6 leaves", "sign: the tree"]),
    (
        "UPDATE checkpoints SET note = replace(note, '6', '7') WHERE tree_size = 6",
        &["check: the checkpoint of 6 leaves", "sign: the tree"],
    ),
    ("UPDATE checkpoints SET tree_size = 5 WHERE tree_size = 6", &["signed another tree"]),
    (
        "UPDATE checkpoints SET signed_at = signed_at + interval '1 hour' WHERE tree_size = 6",
        &["check: line 2"],
    ),
    (
        "INSERT INTO checkpoints SELECT 1000, note, now() FROM checkpoints WHERE tree_size = 6",
        &["check: a tree of 1000 leaves", "sign: the tree"],
    ),
    (
        "INSERT INTO checkpoints VALUES (1000, 'x', now())",
        &["check: the checkpoint of 1000 leaves", "sign: the tree", "file: the tree"],
    ),
    ("DELETE FROM vault", &["rows: a private text of event 1 is missing", "file: a private text of event 5"]),
    (
        "UPDATE vault SET sealed = set_byte(sealed, 20, get_byte(sealed, 20) # 1)",
        &["rows: a private text of event 1", "file: a private text"],
    ),
    (
        "DELETE FROM keys.data_keys",
        &["rows: a private text of event 1 is missing", "file: a private text of event 5"],
    ),
    ("UPDATE trajectories SET phase = 'ended'", &["rows: trajectories"]),
    ("UPDATE trajectories SET version = version + 1", &["rows: trajectories"]),
    ("DELETE FROM trajectories", &["rows: trajectories"]),
    ("UPDATE obligations SET due_on = due_on + 1", &["rows: obligations"]),
    ("DELETE FROM obligations", &["rows: obligations"]),
];

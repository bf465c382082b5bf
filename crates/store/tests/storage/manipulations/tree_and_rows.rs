//! Manipulations of the tree, the vault and derived rows.

use super::Manipulation;

/// How far each case is.
pub const HEADS: &[Manipulation] = &[
    ("UPDATE heads SET version = version - 1", &["check: trajectory", "sign: the tree", "file: the tree"]),
    ("UPDATE heads SET hash = sha256('x')", &["the stored head is not", "sign: the tree", "file: the tree"]),
    ("DELETE FROM heads", &["check: trajectory", "sign: the tree", "file: the tree"]),
    ("DELETE FROM head_buckets", &["check: bucket", "sign: the tree", "file: the tree"]),
    ("UPDATE head_buckets SET root = sha256('x')", &["check: bucket", "sign: the tree", "file: the tree"]),
    (
        "UPDATE checkpoints SET heads = NULL",
        &["the checkpoint of 5 leaves does not say how far", "sign: the tree", "file: the tree"],
    ),
    (
        "UPDATE checkpoints SET heads = sha256('x') WHERE tree_size = 8",
        &["the checkpoint of 8 leaves does not say how far", "sign: the tree", "file: the tree"],
    ),
    (
        "UPDATE checkpoints SET heads = NULL; DELETE FROM heads; DELETE FROM head_buckets",
        &["the checkpoint of 5 leaves does not say how far", "sign: the tree", "file: the tree"],
    ),
    ("UPDATE heads SET key = sha256(key)", &["no case has its place", "sign: ", "file: "]),
    // The end of a case is cut off, with all that follows from it.
    (
        "DELETE FROM events WHERE position IN (6, 7); UPDATE heads SET version = 3, hash = (
             SELECT hash FROM events WHERE position = 3) WHERE version = 4",
        &["check: leaf 6", "sign: the tree", "file: the tree"],
    ),
];

/// The tree, its checkpoints, and what is derived.
pub const TREE_AND_ROWS: &[Manipulation] = &[
    (
        "{TILES} UPDATE ledger_tiles SET hashes = set_byte(hashes, 40, get_byte(hashes, 40) # 1)",
        &["check: leaf 1", "sign: the tree", "file: the tree"],
    ),
    ("{TILES} UPDATE ledger_tiles SET positions[2] = 99", &["check: ", "file: "]),
    ("DELETE FROM ledger_tiles", &["check: a tree of 8 leaves was signed", "sign: the tree"]),
    ("DELETE FROM checkpoints", &["no such checkpoint of 8 leaves", "sign: the tree"]),
    ("DELETE FROM checkpoints WHERE tree_size = 8", &["no such checkpoint of 8 leaves", "sign: the tree"]),
    (
        "UPDATE checkpoints SET note = replace(note, '8', '7') WHERE tree_size = 8",
        &["check: the checkpoint of 8 leaves", "sign: the tree"],
    ),
    ("UPDATE checkpoints SET tree_size = 7 WHERE tree_size = 8", &["signed another tree"]),
    (
        "UPDATE checkpoints SET signed_at = signed_at + interval '1 hour' WHERE tree_size = 8",
        &["check: line 2"],
    ),
    (
        "INSERT INTO checkpoints SELECT 1000, note, now() FROM checkpoints WHERE tree_size = 8",
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

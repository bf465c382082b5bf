-- Signed statements about the tree (0012): its root hash when it had so many leaves.
CREATE TABLE checkpoints (
    tree_size bigint      PRIMARY KEY CHECK (tree_size > 0),
    -- A signed note (C2SP signed-note) over a checkpoint (C2SP tlog-checkpoint), byte for byte as it is served.
    note      text        NOT NULL,
    -- When, by the program's clock; not signed.
    signed_at timestamptz NOT NULL
);

GRANT SELECT, INSERT ON checkpoints TO omklap_app;

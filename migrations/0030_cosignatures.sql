-- What witnesses signed beside the ledger: each says that a checkpoint (0013) continues every one that it cosigned before
-- (C2SP tlog-cosignature). A line is public and proves itself: it is verified against the keys in the settings before it
-- leaves, so that nobody gains anything by writing here.
CREATE TABLE cosignatures (
    tree_size bigint NOT NULL CHECK (tree_size > 0),
    -- The name and the id of the witness's key, NAME+ID.
    witness   text   NOT NULL,
    -- The line of the signed note, without its line feed.
    line      text   NOT NULL,
    PRIMARY KEY (tree_size, witness)
);

-- How far each witness has followed the ledger.
CREATE INDEX cosignatures_by_witness ON cosignatures (witness, tree_size);

GRANT SELECT, INSERT ON cosignatures TO omklap_app;

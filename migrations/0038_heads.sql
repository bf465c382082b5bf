-- How far each case is, as the last leaf of every checkpoint (0013) states it: so a case file proves that the case has no
-- later event (docs/adr/0040). These rows follow from the leaves of the tree (0012). They are verified against the signed
-- root before anything is built on them, and `omklap check` makes them again.
CREATE TABLE heads (
    -- The first twelve bits of the key.
    bucket  smallint NOT NULL CHECK (bucket BETWEEN 0 AND 4095),
    -- The place of the case in the map: a hash of its id and of the hash of its first event, so that nobody can guess it. The
    -- id itself is not here: the row stays when the case is destroyed.
    key     bytea    NOT NULL CHECK (octet_length(key) = 32),
    -- The number and the hash of its last signed event.
    version bigint   NOT NULL CHECK (version > 0),
    hash    bytea    NOT NULL CHECK (octet_length(hash) = 32),
    PRIMARY KEY (bucket, key)
);

-- The roots of the buckets that are not empty.
CREATE TABLE head_buckets (
    bucket smallint PRIMARY KEY CHECK (bucket BETWEEN 0 AND 4095),
    root   bytea    NOT NULL CHECK (octet_length(root) = 32)
);

-- The root of the map at this checkpoint, which its last leaf covers. Null in one that was signed before there was a map.
ALTER TABLE checkpoints ADD COLUMN heads bytea CHECK (octet_length(heads) = 32);

GRANT SELECT, INSERT, UPDATE ON heads, head_buckets TO omklap_app;

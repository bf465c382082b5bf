-- The Merkle tree over all events, in the order of position.
--
-- The hash chains (hash_chain.rs) prove that nothing was changed, removed or inserted within a stream. The tree proves that
-- no end of a stream, and no whole stream, was cut off: every event is a leaf, and a signed checkpoint (0013) says how many
-- leaves there were and what the root hash was. docs/AUDIT.md says what a leaf is and how everything is computed.

-- The tree in tiles (C2SP tlog-tiles, height 8): tile `number` of level 0 holds 256 leaf hashes, of level n the hashes of
-- 256 full tiles of level n-1. So a proof reads a handful of rows, however large the ledger is.
CREATE TABLE ledger_tiles (
    level     smallint NOT NULL,
    number    bigint   NOT NULL,
    -- At most 256 hashes of 32 bytes; fewer in the last tile of a level.
    hashes    bytea    NOT NULL CHECK (octet_length(hashes) >= 32 AND octet_length(hashes) <= 8192 AND octet_length(hashes) % 32 = 0),
    -- Level 0: the position of each leaf's event. A leaf stays when its event is destroyed after its retention.
    positions bigint[] NOT NULL CHECK (cardinality(positions) = CASE level WHEN 0 THEN octet_length(hashes) / 32 ELSE 0 END),
    PRIMARY KEY (level, number)
);

-- Finds the tile with the leaf of a position.
CREATE INDEX ledger_tiles_by_first_position ON ledger_tiles ((positions[1])) WHERE level = 0;

-- Hashes do not compress.
ALTER TABLE ledger_tiles ALTER COLUMN hashes SET STORAGE EXTERNAL;

CREATE FUNCTION tiles_only_grow() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.level <> OLD.level OR NEW.number <> OLD.number
        OR substring(NEW.hashes FOR octet_length(OLD.hashes)) <> OLD.hashes
        OR NEW.positions[:cardinality(OLD.positions)] <> OLD.positions
    THEN
        RAISE 'a tile of the ledger only grows' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END
$$;

CREATE TRIGGER tiles_only_grow BEFORE UPDATE ON ledger_tiles FOR EACH ROW EXECUTE FUNCTION tiles_only_grow();

GRANT SELECT, INSERT, UPDATE ON ledger_tiles TO omklap_app;

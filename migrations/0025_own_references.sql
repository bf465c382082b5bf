-- The case number that an organisation itself has for a trajectory. It is no fact of the case: each organisation sees its own and
-- no other, may change it, and nobody else learns that there is one. Unique for each organisation, so that a case that it
-- registers again is found instead.
CREATE TABLE own_references (
    organisation  text        COLLATE "C" NOT NULL,
    trajectory_id uuid        NOT NULL,
    -- An HMAC of the number under the operator's key, to find it by.
    mark          bytea       NOT NULL CHECK (octet_length(mark) = 32),
    -- The number, sealed with the operator's key for this organisation and trajectory.
    sealed        bytea       NOT NULL,
    written_at    timestamptz NOT NULL,
    PRIMARY KEY (organisation, trajectory_id),
    UNIQUE (organisation, mark)
);

CREATE INDEX own_references_of_a_trajectory ON own_references (trajectory_id);

GRANT SELECT, INSERT, UPDATE, DELETE ON own_references TO omklap_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON own_references TO omklap_keeper;

-- They go with the case, and with its last personal text (crates/store/src/vault/erase.rs).
CREATE FUNCTION forget_own_references_with_the_certificate() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM own_references WHERE trajectory_id = NEW.aggregate_id::uuid;
    RETURN NULL;
END
$$;

CREATE TRIGGER forget_own_references_with_the_certificate AFTER INSERT ON events FOR EACH ROW
    WHEN (NEW.aggregate_type = 'destruction') EXECUTE FUNCTION forget_own_references_with_the_certificate();

-- The agreement sets of this ledger: each version as it was when it first came. A server that starts compares its sets with
-- these, so that an edited text cannot silently judge earlier cases again. Nothing here is ever changed.
CREATE TABLE agreement_sets (
    id            text        NOT NULL,
    version       integer     NOT NULL CHECK (version BETWEEN 1 AND 65535),
    -- SHA-256 of `text`.
    digest        bytea       NOT NULL CHECK (octet_length(digest) = 32),
    -- The set as it was read, as canonical JSON (RFC 8785): comments and layout of its file may change.
    text          text        NOT NULL,
    first_seen_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (id, version)
);
GRANT SELECT, INSERT ON agreement_sets TO omklap_app;

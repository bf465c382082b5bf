-- The keys of this ledger, by fingerprints from which no key can be computed. A server with another key is refused, with both
-- fingerprints, before it writes a text that the others cannot read; and no server creates a key if one is known here.
CREATE TABLE key_fingerprints (
    number      bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    -- operator: the key that wraps the keys of private texts. ledger: the key that signs checkpoints; the newest one signs.
    kind        text        NOT NULL CHECK (kind IN ('operator', 'ledger')),
    -- operator: HMAC-SHA-256 under the key itself. ledger: SHA-256 of the public key as it is published.
    fingerprint bytea       NOT NULL CHECK (octet_length(fingerprint) = 32),
    known_since timestamptz NOT NULL DEFAULT now(),
    UNIQUE (kind, fingerprint)
);

-- The operator's key is never replaced: every private text depends on it.
CREATE UNIQUE INDEX one_operator_key ON key_fingerprints (kind) WHERE kind = 'operator';

GRANT SELECT, INSERT ON key_fingerprints TO omklap_app;

-- With which keys this ledger is written: fingerprints, from which no key can be worked out. A server that brings another key is
-- refused by name before it writes a text that the others cannot read, and none makes a key where one is known here.
CREATE TABLE key_fingerprints (
    number      bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    -- operator: the key that wraps the keys of private texts. ledger: the key that signs checkpoints; the newest one signs.
    kind        text        NOT NULL CHECK (kind IN ('operator', 'ledger')),
    -- operator: HMAC-SHA-256 under the key itself. ledger: SHA-256 of the public key as it is published.
    fingerprint bytea       NOT NULL CHECK (octet_length(fingerprint) = 32),
    known_since timestamptz NOT NULL DEFAULT now(),
    UNIQUE (kind, fingerprint)
);

-- The operator's key is never replaced: every private text hangs on it.
CREATE UNIQUE INDEX one_operator_key ON key_fingerprints (kind) WHERE kind = 'operator';

GRANT SELECT, INSERT ON key_fingerprints TO omklap_app;

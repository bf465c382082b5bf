-- What a client may send again without it happening twice. The answer is not kept but told anew: the stream up to the
-- version that the report made is still there, word for word, and personal data stands in one place less.
CREATE TABLE idempotency_keys (
    client          text   NOT NULL,
    key             text   NOT NULL,
    -- SHA-256 of the request; another request with the same key is an error of the client.
    request_hash    bytea  NOT NULL CHECK (octet_length(request_hash) = 32),
    trajectory_id   uuid   NOT NULL,
    first_sequence  bigint NOT NULL,
    version         bigint NOT NULL CHECK (version >= first_sequence),
    recorded_at     timestamptz NOT NULL,
    PRIMARY KEY (client, key)
);

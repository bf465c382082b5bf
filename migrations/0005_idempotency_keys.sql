-- What a client may send again without it happening twice. The answer is not kept but made again: the stream up to the
-- version that the report made is still there, word for word, and personal data is stored in one place less. The program
-- forgets keys after a while.
CREATE TABLE idempotency_keys (
    client          text   NOT NULL,
    -- HMAC-SHA-256 of the key that the client chose, in hexadecimal.
    key             text   NOT NULL,
    -- HMAC-SHA-256 of the request; random once texts of the trajectory are erased. Another request with the same key is an
    -- error of the client.
    request_hash    bytea  NOT NULL CHECK (octet_length(request_hash) = 32),
    trajectory_id   uuid   NOT NULL,
    first_sequence  bigint NOT NULL,
    version         bigint NOT NULL CHECK (version >= first_sequence),
    recorded_at     timestamptz NOT NULL,
    PRIMARY KEY (client, key)
);

GRANT SELECT, INSERT, DELETE ON idempotency_keys TO omklap_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON idempotency_keys TO omklap_keeper;

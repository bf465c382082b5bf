-- A subscription that was asked for with an idempotency key: a repeat finds it instead of making another. Both are kept as marks
-- that only the operator's key can make, and forgotten when the keys of reports are.
ALTER TABLE subscriptions
    ADD COLUMN once_key     text,
    ADD COLUMN request_hash bytea CHECK (octet_length(request_hash) = 32);
CREATE UNIQUE INDEX subscriptions_once ON subscriptions (organisation, once_key) WHERE once_key IS NOT NULL;

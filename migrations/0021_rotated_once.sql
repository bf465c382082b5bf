-- A secret that was asked for with an idempotency key: a repeat is shown it again, and does not put out the one that the receiver
-- still holds. The key is kept as a mark that only the operator's key can make, and forgotten when the earlier secret is.
ALTER TABLE subscriptions ADD COLUMN rotated_key text;

-- Webhook subscriptions. The event log itself is the queue: a subscription is a position in it, and the few trajectories
-- that wait behind it because a delivery failed.
CREATE TABLE subscriptions (
    subscription_id uuid   PRIMARY KEY,
    -- The client that made it, and the viewer whose sight decides what is sent, as it is at the moment of sending.
    client          text   NOT NULL,
    organisation    text   NOT NULL,
    role            text   NOT NULL,
    regions         text[] NOT NULL,
    -- The one trajectory that a client in person may see.
    trajectory_id   uuid,
    url             text   NOT NULL,
    -- Kinds of events; none: all.
    types           text[] NOT NULL,
    -- active, paused or disabled.
    state           text   NOT NULL,
    -- Up to here every event was delivered, or its trajectory is held back.
    position        bigint NOT NULL,
    -- Counts its owner's changes, so that a worker that is delivering notices them.
    revision        bigint NOT NULL DEFAULT 0,
    -- How often in a row the receiver was unreachable, since when nothing was accepted, and until when nothing is tried.
    rests           integer NOT NULL DEFAULT 0,
    failing_since   timestamptz,
    rests_until     timestamptz,
    -- Sealed with the operator's key. Both sign until the earlier one ends.
    secret          bytea  NOT NULL,
    earlier_secret  bytea,
    earlier_until   timestamptz,
    created_at      timestamptz NOT NULL,
    -- The idempotency key with which it was made: a repeat finds it instead of making another. Both are HMACs under the
    -- operator's key, and are forgotten when the keys of reports are.
    once_key        text,
    request_hash    bytea CHECK (octet_length(request_hash) = 32),
    -- The idempotency key with which its secret was last replaced: a repeat shows that secret again, and does not end the one
    -- that the receiver still uses. Forgotten when the earlier secret is.
    rotated_key     text
);

CREATE INDEX subscriptions_of_an_organisation ON subscriptions (organisation, subscription_id);
CREATE UNIQUE INDEX subscriptions_once ON subscriptions (organisation, once_key) WHERE once_key IS NOT NULL;

-- A trajectory waits here from the event whose delivery failed; others go on.
CREATE TABLE held_back (
    subscription_id uuid    NOT NULL REFERENCES subscriptions ON DELETE CASCADE,
    trajectory_id   uuid    NOT NULL,
    -- The first event that was not accepted.
    position        bigint  NOT NULL,
    -- How often it was tried, since when, and when it will be again.
    attempts        integer NOT NULL,
    first_failed_at timestamptz NOT NULL,
    next_attempt_at timestamptz NOT NULL,
    PRIMARY KEY (subscription_id, trajectory_id)
);

-- Every delivery attempt, for thirty days.
CREATE TABLE delivery_attempts (
    subscription_id uuid     NOT NULL REFERENCES subscriptions ON DELETE CASCADE,
    attempt_id      bigint   NOT NULL GENERATED ALWAYS AS IDENTITY,
    -- The event's id; one of its own for a test.
    message_id      uuid     NOT NULL,
    -- Null for a test.
    trajectory_id   uuid,
    position        bigint,
    -- Which attempt for this message it was; 0 for one that was requested by hand.
    attempt         integer  NOT NULL,
    attempted_at    timestamptz NOT NULL,
    took_ms         integer  NOT NULL,
    outcome         text     NOT NULL,
    -- The HTTP status that the receiver answered, if it did.
    status          smallint,
    PRIMARY KEY (subscription_id, attempt_id)
);

CREATE INDEX delivery_attempts_of_a_message ON delivery_attempts (subscription_id, message_id);
CREATE INDEX delivery_attempts_by_age ON delivery_attempts (attempted_at);

-- What the owner of a subscription has to know about it.
CREATE TABLE subscription_notices (
    subscription_id uuid NOT NULL REFERENCES subscriptions ON DELETE CASCADE,
    noticed_at      timestamptz NOT NULL,
    notice          text NOT NULL,
    -- The message that it is about.
    message_id      uuid
);

CREATE INDEX subscription_notices_of_one ON subscription_notices (subscription_id, noticed_at);

GRANT SELECT, INSERT, UPDATE, DELETE ON subscriptions, held_back TO omklap_app;
GRANT SELECT, INSERT, DELETE ON delivery_attempts, subscription_notices TO omklap_app;
GRANT SELECT, DELETE ON delivery_attempts TO omklap_keeper;

-- What partners are told of by webhook. The event log itself is the queue: a subscription is a position in it, and the few
-- trajectories of which a delivery failed and that therefore wait behind it.
CREATE TABLE subscriptions (
    subscription_id uuid   PRIMARY KEY,
    -- Who signed in to make it, and as whom it sees: what it is told follows from what that viewer may see at that moment.
    client          text   NOT NULL,
    organisation    text   NOT NULL,
    role            text   NOT NULL,
    regions         text[] NOT NULL,
    -- The one that a client may see.
    trajectory_id   uuid,
    url             text   NOT NULL,
    -- Kinds of events; none: all.
    types           text[] NOT NULL,
    -- active, paused or disabled.
    state           text   NOT NULL,
    -- Up to here every event was delivered, or its trajectory is held back.
    position        bigint NOT NULL,
    -- Counts what its owner does to it, so that whoever delivers for it notices.
    revision        bigint NOT NULL DEFAULT 0,
    -- How often in a row it was found unreachable, since when nothing was accepted, and until when nothing is tried.
    rests           integer NOT NULL DEFAULT 0,
    failing_since   timestamptz,
    rests_until     timestamptz,
    -- Sealed with the operator's key. Both sign until the earlier one ends.
    secret          bytea  NOT NULL,
    earlier_secret  bytea,
    earlier_until   timestamptz,
    created_at      timestamptz NOT NULL
);

CREATE INDEX subscriptions_of_an_organisation ON subscriptions (organisation, subscription_id);

-- A trajectory waits here from the event of which the delivery failed; others go on.
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

-- Every attempt, for thirty days.
CREATE TABLE delivery_attempts (
    subscription_id uuid     NOT NULL REFERENCES subscriptions ON DELETE CASCADE,
    attempt_id      bigint   NOT NULL GENERATED ALWAYS AS IDENTITY,
    -- The event's id; one of its own for a test.
    message_id      uuid     NOT NULL,
    -- Null for a test.
    trajectory_id   uuid,
    position        bigint,
    -- Which try of this message it was; 0 for one that was asked for by hand.
    attempt         integer  NOT NULL,
    attempted_at    timestamptz NOT NULL,
    took_ms         integer  NOT NULL,
    outcome         text     NOT NULL,
    -- What the receiver answered, where it did.
    status          smallint,
    PRIMARY KEY (subscription_id, attempt_id)
);

CREATE INDEX delivery_attempts_of_a_message ON delivery_attempts (subscription_id, message_id);
CREATE INDEX delivery_attempts_by_age ON delivery_attempts (attempted_at);

-- What its owner has to know of a subscription.
CREATE TABLE subscription_notices (
    subscription_id uuid NOT NULL REFERENCES subscriptions ON DELETE CASCADE,
    noticed_at      timestamptz NOT NULL,
    notice          text NOT NULL,
    -- The message that it is about.
    message_id      uuid
);

CREATE INDEX subscription_notices_of_one ON subscription_notices (subscription_id, noticed_at);

-- A deadline is a stream of its own; here it is found by its trajectory, whose id its name begins with.
CREATE INDEX deadlines_of_a_trajectory ON events (left(aggregate_id, 36), position) WHERE aggregate_type = 'deadline';

-- Up to which position nothing can appear any more: what events_in_order() reads up to, in the same order (0001). One who
-- waits for something new asks this and not for events.
CREATE FUNCTION settled_position() RETURNS bigint LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    last_drawn        bigint;
    lowest_still_open bigint;
BEGIN
    SELECT CASE WHEN is_called THEN last_value ELSE 0 END INTO last_drawn FROM events_position_seq;
    SELECT min(((classid::bigint & 65535) << 32) | objid::bigint) INTO lowest_still_open
        FROM pg_locks
        WHERE locktype = 'advisory' AND objsubid = 1 AND mode = 'ShareLock' AND granted
            AND classid::bigint >> 16 = 28525
            AND database = (SELECT oid FROM pg_database WHERE datname = current_database());
    RETURN least(last_drawn, lowest_still_open);
END
$$;

GRANT SELECT, INSERT, UPDATE, DELETE ON subscriptions, held_back TO omklap_app;
GRANT SELECT, INSERT, DELETE ON delivery_attempts, subscription_notices TO omklap_app;

-- The checks of the follow-up after the flip: one row for each that is planned or was held. Derived and written as the
-- obligations are (0006).
CREATE TABLE follow_ups (
    trajectory_id uuid     NOT NULL,
    -- The month after the flip.
    month         smallint NOT NULL,
    version       bigint   NOT NULL,
    flipped_on    date     NOT NULL,
    due_on        date     NOT NULL,
    -- Whether the set asks for it; else somebody asked of their own accord.
    planned       boolean  NOT NULL,
    held_on       date,
    tenancy       text,
    resident      text,
    -- The days on which somebody said that it did not happen.
    missed_on     date[]   NOT NULL,
    -- How the trajectory ended, and when: what was still planned then is not needed any more.
    outcome       text,
    ended_on      date,
    PRIMARY KEY (trajectory_id, month)
);

GRANT SELECT, INSERT, UPDATE, DELETE ON follow_ups TO omklap_app;

-- The checks of the follow-up after the flip: one row for each that is planned or was held, derived and written as
-- the obligations are (0006).
CREATE TABLE follow_ups (
    trajectory_id uuid     NOT NULL,
    -- The month after the flip.
    month         smallint NOT NULL,
    version       bigint   NOT NULL,
    flipped_on    date     NOT NULL,
    due_on        date     NOT NULL,
    -- Whether the agreement set asks for it; if not, a partner held it unasked.
    planned       boolean  NOT NULL,
    held_on       date,
    tenancy       text,
    resident      text,
    -- The days on which a partner reported that it did not take place.
    missed_on     date[]   NOT NULL,
    -- How the trajectory ended, and when: checks still planned then are not needed any more.
    outcome       text,
    ended_on      date,
    PRIMARY KEY (trajectory_id, month)
);

GRANT SELECT, INSERT, UPDATE, DELETE ON follow_ups TO omklap_app, omklap_keeper;

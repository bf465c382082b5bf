-- The nuisance cases of each trajectory as they stand: derived and written as the obligations are (0006). The way a case
-- went is in the history; here is what is counted and looked for.
CREATE TABLE nuisance_cases (
    trajectory_id uuid     NOT NULL,
    case_id       uuid     NOT NULL,
    version       bigint   NOT NULL,
    -- Null for a case that was taken over.
    kind          text,
    reported_on   date     NOT NULL,
    -- The level it has, or had last.
    level         smallint NOT NULL,
    level_since   date     NOT NULL,
    -- Whom the client rented from when it came to this level.
    landlord      text     NOT NULL,
    -- open, quiet, closed, unfounded, handed-over or case-ended.
    stand         text     NOT NULL,
    stand_since   date     NOT NULL,
    -- The last day of the quiet period.
    quiet_until   date,
    -- By when the most pressing step of its level is to be done, and by whom; null where nothing is, or nothing has a limit.
    next_due_on   date,
    next_by       text[]   NOT NULL,
    PRIMARY KEY (trajectory_id, case_id)
);

GRANT SELECT, INSERT, UPDATE, DELETE ON nuisance_cases TO omklap_app;

-- The present state of each nuisance case of a trajectory, derived and written as the obligations are (0006). The course of
-- a case is in the history; here is what is counted and searched.
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
    -- Whom the client rented from when the case reached this level.
    landlord      text     NOT NULL,
    -- open, quiet, closed, unfounded, handed-over or case-ended.
    stand         text     NOT NULL,
    stand_since   date     NOT NULL,
    -- The last day of the quiet period.
    quiet_until   date,
    -- By when the most urgent step of its level is due, and by whom; null if there is none, or none has a limit.
    next_due_on   date,
    next_by       text[]   NOT NULL,
    PRIMARY KEY (trajectory_id, case_id)
);

GRANT SELECT, INSERT, UPDATE, DELETE ON nuisance_cases TO omklap_app, omklap_keeper;

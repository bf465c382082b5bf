-- What the partners of each trajectory owe and have owed: one row for each time that an obligation of its agreements
-- started. Derived from the trajectory's whole history and written by the statement that writes its events, so a row is
-- never behind; and where it does not change with an event, it is not written.
--
-- Nothing here depends on today: a row that is open and past due_on is overdue, which a reader sees for itself. An
-- obligation that has not started has no row: it says no more than the set does. No text of a person stands here.
CREATE TABLE obligations (
    trajectory_id uuid     NOT NULL,
    -- Its id in the set, such as 4.2.
    obligation    text     NOT NULL,
    -- The number of the fact that started it. One fact can start an obligation several times (the follow-up checks; the
    -- opening balance of a case that was taken over): the first is 1.
    started_by    bigint   NOT NULL,
    part          smallint NOT NULL,
    -- The number of events from which the row was derived as it stands; later ones did not change it.
    version       bigint   NOT NULL,
    -- The set that was in force when it started, as id@version, and the number of the agreement in it.
    agreement_set text     NOT NULL,
    agreement     smallint NOT NULL,
    -- Which of the follow-up checks it is, and what it is about, such as a nuisance case.
    month         smallint,
    reference     text,
    started_on    date     NOT NULL,
    -- Which parties owe it.
    owed_by       text[]   NOT NULL,
    -- Null where it has no date, or its clock stands still.
    due_on        date,
    -- kept, kept-late, set-aside or not-applicable; null while it is open.
    closed_as     text,
    closed_on     date,
    -- Whether it was late and then ended without being kept.
    left_undone   boolean  NOT NULL,
    -- The numbers of the facts that all this rests on.
    evidence      bigint[] NOT NULL,
    -- The partners of the trajectory while it is open; null afterwards, for then nobody has to look for it. So the indexes
    -- below hold what somebody has to do and nothing else.
    region        text,
    municipality  text,
    care_provider text,
    corporation   text,
    PRIMARY KEY (trajectory_id, obligation, started_by, part),
    CHECK ((closed_as IS NULL) = (closed_on IS NULL)),
    CHECK ((closed_as IS NULL) = (region IS NOT NULL))
);

-- A worklist is what an organisation's trajectories have open, by date; its order is total, so that a page begins where
-- the last one ended. What has no date is on no worklist and in no index.
CREATE INDEX obligations_open_by_care_provider ON obligations (care_provider, due_on, trajectory_id, obligation, started_by, part)
    WHERE closed_on IS NULL AND due_on IS NOT NULL;
CREATE INDEX obligations_open_by_corporation ON obligations (corporation, due_on, trajectory_id, obligation, started_by, part)
    WHERE closed_on IS NULL AND due_on IS NOT NULL AND corporation IS NOT NULL;
CREATE INDEX obligations_open_by_municipality ON obligations (municipality, due_on, trajectory_id, obligation, started_by, part)
    WHERE closed_on IS NULL AND due_on IS NOT NULL;
-- For the matching point, which works for a region, and, over all regions, for the job that tells of deadlines.
CREATE INDEX obligations_open_by_region ON obligations (region, due_on, trajectory_id, obligation, started_by, part)
    WHERE closed_on IS NULL AND due_on IS NOT NULL;

GRANT SELECT, INSERT, UPDATE, DELETE ON obligations TO omklap_app;

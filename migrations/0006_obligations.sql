-- The obligations of each trajectory, open and closed: one row for each time that an obligation of its agreements started.
-- Derived from the whole history and written by the statement that writes its events, so a row is never behind; a row that
-- an event does not change is not written.
--
-- Nothing here depends on today: a row that is open and past due_on is overdue, which a reader can see. An obligation that
-- has not started has no row: it would say no more than the agreement set does. No text about a person is stored here.
CREATE TABLE obligations (
    trajectory_id uuid     NOT NULL,
    -- Its id in the set, such as 4.2.
    obligation    text     NOT NULL,
    -- The number of the fact that started it. One fact can start an obligation several times (the follow-up checks; the
    -- opening balance of a case that was taken over): the first is 1.
    started_by    bigint   NOT NULL,
    part          smallint NOT NULL,
    -- The number of events from which the row was derived; later ones did not change it.
    version       bigint   NOT NULL,
    -- The set that was in force when it started, as id@version, and the number of the agreement in it.
    agreement_set text     NOT NULL,
    agreement     smallint NOT NULL,
    -- Which of the follow-up checks it is, and what it is about, such as a nuisance case.
    month         smallint,
    reference     text,
    started_on    date     NOT NULL,
    -- Which parties have to fulfil it.
    owed_by       text[]   NOT NULL,
    -- Null if it has no date, or its clock is stopped.
    due_on        date,
    -- kept, kept-late, set-aside or not-applicable; null while it is open.
    closed_as     text,
    closed_on     date,
    -- Whether it was late and then ended without being kept.
    left_undone   boolean  NOT NULL,
    -- The numbers of the facts that all this is based on.
    evidence      bigint[] NOT NULL,
    -- The partners of the trajectory, and the roles outside the provider's that may see the obligation, while it is open;
    -- null afterwards, when nobody has to look for it. So the indexes below hold what somebody has to do and nothing else.
    region        text,
    municipality  text,
    care_provider text,
    corporation   text,
    seen_by       text[],
    PRIMARY KEY (trajectory_id, obligation, started_by, part),
    CHECK ((closed_as IS NULL) = (closed_on IS NULL)),
    CHECK ((closed_as IS NULL) = (region IS NOT NULL))
);

-- A worklist is what is open in an organisation's trajectories, by date. Its order is total, so that a page begins where
-- the last one ended. An obligation without a date is on no worklist and in no index. How much a worklist holds is counted
-- over all that is open, among twenty times as much that is closed: the index alone has every column that is needed.
CREATE INDEX obligations_open_by_care_provider ON obligations (care_provider, due_on, trajectory_id, obligation, started_by, part)
    INCLUDE (owed_by, seen_by, agreement, region)
    WHERE closed_on IS NULL AND due_on IS NOT NULL;
CREATE INDEX obligations_open_by_corporation ON obligations (corporation, due_on, trajectory_id, obligation, started_by, part)
    INCLUDE (owed_by, seen_by, agreement, region)
    WHERE closed_on IS NULL AND due_on IS NOT NULL AND corporation IS NOT NULL;
CREATE INDEX obligations_open_by_municipality ON obligations (municipality, due_on, trajectory_id, obligation, started_by, part)
    INCLUDE (owed_by, seen_by, agreement, region)
    WHERE closed_on IS NULL AND due_on IS NOT NULL;
-- For the matching point, which works for a region, and, over all regions, for the job that reports deadlines.
CREATE INDEX obligations_open_by_region ON obligations (region, due_on, trajectory_id, obligation, started_by, part)
    INCLUDE (owed_by, seen_by, agreement)
    WHERE closed_on IS NULL AND due_on IS NOT NULL;

GRANT SELECT, INSERT, UPDATE, DELETE ON obligations TO omklap_app, omklap_keeper;

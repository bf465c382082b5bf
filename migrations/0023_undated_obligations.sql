-- The open obligations without a date: they have none, or their clock is stopped. A worklist lists them if a partner asks
-- for them, after those with a date.
CREATE INDEX obligations_undated_by_care_provider ON obligations (care_provider, trajectory_id, obligation, started_by, part)
    INCLUDE (owed_by, seen_by, agreement, region)
    WHERE closed_on IS NULL AND due_on IS NULL;
CREATE INDEX obligations_undated_by_corporation ON obligations (corporation, trajectory_id, obligation, started_by, part)
    INCLUDE (owed_by, seen_by, agreement, region)
    WHERE closed_on IS NULL AND due_on IS NULL AND corporation IS NOT NULL;
CREATE INDEX obligations_undated_by_municipality ON obligations (municipality, trajectory_id, obligation, started_by, part)
    INCLUDE (owed_by, seen_by, agreement, region)
    WHERE closed_on IS NULL AND due_on IS NULL;
CREATE INDEX obligations_undated_by_region ON obligations (region, trajectory_id, obligation, started_by, part)
    INCLUDE (owed_by, seen_by, agreement)
    WHERE closed_on IS NULL AND due_on IS NULL;

-- How much a worklist holds is counted over everything that is open, among twenty times as much that is closed: the index
-- alone now says all that is asked of a row. The page of a worklist is read along the same index.
DROP INDEX obligations_open_by_care_provider, obligations_open_by_corporation, obligations_open_by_municipality, obligations_open_by_region;
CREATE INDEX obligations_open_by_care_provider ON obligations (care_provider, due_on, trajectory_id, obligation, started_by, part)
    INCLUDE (owed_by, seen_by, agreement, region)
    WHERE closed_on IS NULL AND due_on IS NOT NULL;
CREATE INDEX obligations_open_by_corporation ON obligations (corporation, due_on, trajectory_id, obligation, started_by, part)
    INCLUDE (owed_by, seen_by, agreement, region)
    WHERE closed_on IS NULL AND due_on IS NOT NULL AND corporation IS NOT NULL;
CREATE INDEX obligations_open_by_municipality ON obligations (municipality, due_on, trajectory_id, obligation, started_by, part)
    INCLUDE (owed_by, seen_by, agreement, region)
    WHERE closed_on IS NULL AND due_on IS NOT NULL;
CREATE INDEX obligations_open_by_region ON obligations (region, due_on, trajectory_id, obligation, started_by, part)
    INCLUDE (owed_by, seen_by, agreement)
    WHERE closed_on IS NULL AND due_on IS NOT NULL;

-- The contributions of a large region are read a part at a time, each while the one before is decoded.
DROP INDEX contributions_by_region;
CREATE INDEX contributions_by_region ON contributions (region, trajectory_id);

-- A trajectory that moved to another region adds to the figures of both: a row for each region in which it was, and the days of
-- the moves in each. The encoding of a row has changed with that, so the rows are derived again (`omklap rebuild`).
DELETE FROM contributions;
ALTER TABLE contributions DROP CONSTRAINT contributions_pkey, ADD PRIMARY KEY (trajectory_id, region);

-- The figures of a past day read the histories that were ever in a region. Few trajectories move.
CREATE INDEX moves_between_regions ON events (aggregate_id)
    WHERE aggregate_type = 'trajectory' AND event_type = 'region-transfer-accepted';

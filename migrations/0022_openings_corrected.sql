-- Figures as they were known then are of the trajectories that were of the region then. Which ones were of another is told by
-- their opening, where that was corrected: seldom, and found without looking at every event.
CREATE INDEX openings_corrected ON events (aggregate_id)
    WHERE aggregate_type = 'trajectory' AND event_type = 'event-corrected' AND payload->'replacement'->>'region' IS NOT NULL;

-- A row of the list of which no event knows is taken away, as the rows of the other read models are.
GRANT DELETE ON trajectories TO omklap_app;

-- What a list of trajectories shows: one row for each, derived from its whole history and written by the statement that
-- writes its events. So a row is never behind, and can be thrown away and made again.
CREATE TABLE trajectories (
    trajectory_id uuid   PRIMARY KEY,
    -- The number of events from which the row was derived.
    version       bigint NOT NULL,
    -- When the last of them was recorded.
    updated_at    timestamptz NOT NULL,
    phase         text   NOT NULL,
    agreement_set text   NOT NULL,
    region        text   NOT NULL,
    municipality  text   NOT NULL,
    care_provider text   NOT NULL,
    -- Null until one is assigned.
    corporation   text
) WITH (fillfactor = 80); -- Room for a new version of a row on its own page: most facts change no indexed column.

-- A page of a list is the rows after the last id seen, so each index ends with the id. updated_at has none: it changes with
-- every fact, and the index would cost each report more than it gives the few who ask "since".
CREATE INDEX trajectories_by_phase         ON trajectories (phase, trajectory_id);
CREATE INDEX trajectories_by_region        ON trajectories (region, trajectory_id);
CREATE INDEX trajectories_by_municipality  ON trajectories (municipality, trajectory_id);
CREATE INDEX trajectories_by_care_provider ON trajectories (care_provider, trajectory_id);
CREATE INDEX trajectories_by_corporation   ON trajectories (corporation, trajectory_id);

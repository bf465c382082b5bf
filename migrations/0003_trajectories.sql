-- What a list of trajectories shows: one row each, derived from the whole history and written by the statement that writes
-- its events. So a row is never behind, and can be dropped and derived again.
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
    corporation   text,
    -- Which corporation may see a trajectory is not which one was assigned once: a nomination can be withdrawn, and a client
    -- who lives in a dwelling of one corporation can be nominated to another. So: to which the client is nominated now,
    nominated_to  text,
    -- and in whose dwelling the client lives.
    housed_by     text,
    -- Whether its processing is restricted (GDPR article 18): then only an auditor may see it.
    is_restricted boolean NOT NULL DEFAULT false
) WITH (fillfactor = 80); -- Room for a new version of a row on its own page: most facts change no indexed column.

-- A page of a list is the rows after the last id seen, so each index ends with the id. updated_at has none: it changes with
-- every fact, and the index would cost each report more than it saves the few who filter by it.
CREATE INDEX trajectories_by_phase         ON trajectories (phase, trajectory_id);
CREATE INDEX trajectories_by_region        ON trajectories (region, trajectory_id);
CREATE INDEX trajectories_by_municipality  ON trajectories (municipality, trajectory_id);
CREATE INDEX trajectories_by_care_provider ON trajectories (care_provider, trajectory_id);
CREATE INDEX trajectories_by_corporation   ON trajectories (corporation, trajectory_id);
CREATE INDEX trajectories_by_nominated_to  ON trajectories (nominated_to, trajectory_id) WHERE nominated_to IS NOT NULL;
CREATE INDEX trajectories_by_housed_by     ON trajectories (housed_by, trajectory_id)    WHERE housed_by IS NOT NULL;
CREATE INDEX trajectories_restricted       ON trajectories (trajectory_id)               WHERE is_restricted;

-- DELETE: a row that no event explains is removed by a rebuild, as in the other read models.
GRANT SELECT, INSERT, UPDATE, DELETE ON trajectories TO omklap_app, omklap_keeper;

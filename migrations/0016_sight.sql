-- Who may look for what. Which corporation may know of a trajectory is not which one was assigned once: a nomination can be
-- taken back, and a client who lives in a dwelling of one corporation can be nominated to another.
ALTER TABLE trajectories
    -- The corporation to which the client is nominated now.
    ADD COLUMN nominated_to text,
    -- The corporation in whose dwelling the client lives.
    ADD COLUMN housed_by    text,
    -- Whether its processing is restricted: then nobody but an auditor may know of it.
    ADD COLUMN is_restricted boolean NOT NULL DEFAULT false;
CREATE INDEX trajectories_restricted      ON trajectories (trajectory_id)               WHERE is_restricted;
CREATE INDEX trajectories_by_nominated_to ON trajectories (nominated_to, trajectory_id) WHERE nominated_to IS NOT NULL;
CREATE INDEX trajectories_by_housed_by    ON trajectories (housed_by, trajectory_id)    WHERE housed_by IS NOT NULL;

-- The roles outside the provider's that see an open obligation; null once it is closed, like the partners beside it.
ALTER TABLE obligations ADD COLUMN seen_by text[];

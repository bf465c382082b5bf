-- Private texts (names, contact data, every free text) are stored here and not in events, so that they can be erased while
-- the history and its hashes stay whole. An event holds the text's id and a commitment to it.

-- The keys decide what can be read, in every backup too. In a schema of their own they are backed up separately, and kept
-- for a shorter time (docs/OPERATING.md).
CREATE SCHEMA keys;

-- A trajectory's own key, sealed with the operator's key. Without it the texts cannot be read, not even in a backup; so
-- deleting this row erases them.
CREATE TABLE keys.data_keys (
    trajectory_id uuid PRIMARY KEY,
    wrapped_key   bytea NOT NULL
);

CREATE TABLE vault (
    trajectory_id uuid NOT NULL,
    text_id       uuid NOT NULL,
    -- nonce ‖ AES-256-GCM(salt ‖ text), bound to text_id.
    sealed        bytea NOT NULL,
    -- The trajectory comes first: its texts are read together and erased together, and stay together if the database is
    -- spread over machines.
    PRIMARY KEY (trajectory_id, text_id),
    -- Erasing wins over a report that sealed its texts with the key just before: the report fails then and is tried again.
    FOREIGN KEY (trajectory_id) REFERENCES keys.data_keys ON DELETE CASCADE
);

GRANT USAGE ON SCHEMA keys TO omklap_app, omklap_keeper;
GRANT SELECT, INSERT ON keys.data_keys, vault TO omklap_app;
-- UPDATE: erasing some texts of a trajectory replaces its data key and seals the remaining texts again, so that nobody can
-- read an erased text in an old copy of the vault with today's key.
GRANT SELECT, INSERT, UPDATE, DELETE ON keys.data_keys, vault TO omklap_keeper;

-- Private texts (names, contact data, every free text) stand here and not in events, so that they can be erased while
-- the history and its hashes stay whole. An event holds the text's id and a commitment to it.

-- A trajectory's own key, sealed with the operator's key. Without it no copy of the texts, in a backup either, can be
-- read; so erasing is deleting this row.
CREATE TABLE data_keys (
    trajectory_id uuid PRIMARY KEY,
    wrapped_key   bytea NOT NULL
);

CREATE TABLE vault (
    trajectory_id uuid NOT NULL,
    text_id       uuid NOT NULL,
    -- nonce ‖ AES-256-GCM(salt ‖ text), bound to text_id.
    sealed        bytea NOT NULL,
    -- The trajectory comes first, as its texts are read together, erased together, and moved together where the database is
    -- spread over machines.
    PRIMARY KEY (trajectory_id, text_id),
    -- Erasing wins of a report that sealed its texts with the key just before: the report then fails and is tried anew.
    FOREIGN KEY (trajectory_id) REFERENCES data_keys ON DELETE CASCADE
);

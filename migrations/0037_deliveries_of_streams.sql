-- Webhooks deliver the events of streams beside the trajectory too: what waits, and what was tried, says of which kind of
-- stream it is. A vacancy has the id that its corporation chose, so an id alone says not whether it is of a case.

ALTER TABLE held_back RENAME COLUMN trajectory_id TO stream_id;
ALTER TABLE held_back ADD COLUMN kind text NOT NULL DEFAULT 'trajectory';
ALTER TABLE held_back DROP CONSTRAINT held_back_pkey;
ALTER TABLE held_back ADD PRIMARY KEY (subscription_id, kind, stream_id);
ALTER TABLE held_back ALTER COLUMN kind DROP DEFAULT;

-- An attempt is about a case (trajectory_id), about another stream, or a test.
ALTER TABLE delivery_attempts ADD COLUMN stream_kind text;
ALTER TABLE delivery_attempts ADD COLUMN stream_id uuid;
ALTER TABLE delivery_attempts ADD CONSTRAINT delivery_attempts_about_one_stream
    CHECK ((stream_kind IS NULL) = (stream_id IS NULL) AND (trajectory_id IS NULL OR stream_id IS NULL));

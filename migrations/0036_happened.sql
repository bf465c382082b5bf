-- What of an open obligation's kept-by already happened, so that a list names only the facts that are missing: their places in
-- kept-by.all of the set, from 1, and 0 for one of kept-by.any. As far as every reader of the row sees these facts. Empty once
-- the obligation is closed. It is derived as the other columns are (0006): `omklap rebuild` fills it in a ledger in use.
ALTER TABLE obligations ADD COLUMN happened smallint[] NOT NULL DEFAULT '{}';

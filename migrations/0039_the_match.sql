-- What the list of candidates reads (docs/adr/0054). Both columns are derived: a ledger in use gets them with `omklap rebuild`.

-- What a weighing reads of the client, as the audience of the row sees it: one JSON text without private texts. Null for a
-- client who has an offer, or is not ready and not expected.
ALTER TABLE seekers ADD COLUMN weighed text;

-- The municipality of an offer, and of a lease with which a client got the keys after that offer. A home that was let counts in
-- the quota of its year.
ALTER TABLE holds ADD COLUMN let_in text;
CREATE INDEX holds_let ON holds (since) WHERE what = 'lease' AND let_in IS NOT NULL;

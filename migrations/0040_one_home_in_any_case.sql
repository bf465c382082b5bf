-- A dwelling that was reported in two cases (DEMO-801 and demo-801) is one dwelling (docs/adr/0036). What was reported stays as it
-- was written; what is compared is this column. With the rules of "C", so that no locale of a database reads a letter otherwise.
ALTER TABLE holds ADD COLUMN unit_key text GENERATED ALWAYS AS (lower(unit COLLATE "C")) STORED NOT NULL;
ALTER TABLE streams ADD COLUMN unit_key text GENERATED ALWAYS AS (lower(unit COLLATE "C")) STORED;

-- What was recorded before in spite of another hold, because it was written in another case: it is disputed, as any other.
UPDATE holds AS later SET guarded = false WHERE guarded AND EXISTS (
    SELECT FROM holds AS earlier
    WHERE earlier.guarded AND earlier.corporation = later.corporation AND earlier.unit_key = later.unit_key
          AND earlier.what = later.what AND earlier.trajectory_id < later.trajectory_id
          AND daterange(earlier.since, earlier.until) && daterange(later.since, later.until)
);

ALTER TABLE holds DROP CONSTRAINT one_home_one_tenant;
ALTER TABLE holds ADD CONSTRAINT one_home_one_tenant EXCLUDE USING gist (
    corporation WITH =, unit_key WITH =, what WITH =, trajectory_id WITH <>, daterange(since, until) WITH &&
) WHERE (guarded);

DROP INDEX holds_of_a_home;
CREATE INDEX holds_of_a_home ON holds (corporation, unit_key);
DROP INDEX holds_unguarded;
CREATE INDEX holds_unguarded ON holds (corporation, unit_key) WHERE NOT guarded;
DROP INDEX streams_of_a_unit;
CREATE INDEX streams_of_a_unit ON streams (organisation, unit_key) WHERE unit_key IS NOT NULL;

-- The municipality of a complex and of a vacancy, so that a dwelling is in the municipality of its complex. Derived and written with
-- the rest of the row (0026): a ledger in use gets it with `omklap rebuild`.
ALTER TABLE streams ADD COLUMN municipality text;

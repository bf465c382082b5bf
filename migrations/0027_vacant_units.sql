-- The dwelling of a vacancy, so that another open vacancy of it is found (docs/adr/0048): derived and written with the rest of the
-- row (0026). Null for the streams of other kinds.
ALTER TABLE streams ADD COLUMN unit text;
CREATE INDEX streams_of_a_unit ON streams (organisation, unit) WHERE unit IS NOT NULL;

-- What each trajectory adds to the figures of its region: derived and written as the obligations are (0006). It holds days,
-- not counts, so that it can be counted for any period; and nothing in it depends on today.
CREATE TABLE contributions (
    trajectory_id uuid   PRIMARY KEY,
    version       bigint NOT NULL,
    region        text   NOT NULL,
    -- One document, for it is only ever read whole, by the thousand; days are numbers such as 20260301, for that is read
    -- ten times as fast as a date in a text.
    contribution  json   NOT NULL
) WITH (fillfactor = 80);

CREATE INDEX contributions_by_region ON contributions (region);

GRANT SELECT, INSERT, UPDATE, DELETE ON contributions TO omklap_app;

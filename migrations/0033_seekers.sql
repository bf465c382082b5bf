-- Clients who seek a home, once for each audience of their case: derived and written as the obligations are (0006). A row holds
-- only what its audience sees, so a filter, an order or a count over the rows of one audience shows it nothing else
-- (docs/DOMAIN.md §3.11, docs/adr/0045).

CREATE TABLE seekers (
    trajectory_id    uuid     NOT NULL,
    -- The role whose callers read the row: care-provider, housing-corporation, matching-point or auditor.
    audience         text     NOT NULL,
    -- The number of events from which the row was derived.
    version          bigint   NOT NULL,
    region           text     NOT NULL,
    -- The organisation for which the client is listed; null for the matching point and the auditor of the region.
    organisation     text,
    phase            text     NOT NULL,
    care_provider    text     NOT NULL,
    municipality     text     NOT NULL,
    corporation      text,
    -- The order: 0 for those who are ready, 1 for those who are expected, 2 for those who are stuck without a day; then the day
    -- since which they are ready, on which they are expected, or since which they are stuck.
    rank             smallint NOT NULL,
    day              date     NOT NULL,
    -- What the day rests on: sure, announced or estimated; null for those who are stuck without a day.
    certainty        text,
    -- The offer that is open or accepted.
    offer_id         uuid,
    respond_by       date,
    offer_accepted   boolean,
    offers_used      smallint NOT NULL,
    -- What holds the case up, and since when.
    bottleneck       text,
    stuck_since      date,
    -- What the client needs.
    profile          text,
    household        text,
    origin           text,
    access           text,
    quiet            boolean,
    pets             boolean,
    rent_limit_cents bigint,
    PRIMARY KEY (trajectory_id, audience)
);

-- The pages of a region, and those of one organisation in it.
CREATE INDEX seekers_of_a_region ON seekers (region, audience, rank, day, trajectory_id);
CREATE INDEX seekers_of_an_organisation ON seekers (organisation, region, audience, rank, day, trajectory_id)
    WHERE organisation IS NOT NULL;

GRANT SELECT, INSERT, UPDATE, DELETE ON seekers TO omklap_app, omklap_keeper;

CREATE FUNCTION unlist_the_seeker_with_the_certificate() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM seekers WHERE trajectory_id = NEW.aggregate_id::uuid;
    RETURN NULL;
END
$$;

CREATE TRIGGER unlist_the_seeker_with_the_certificate AFTER INSERT ON events FOR EACH ROW
    WHEN (NEW.aggregate_type = 'destruction') EXECUTE FUNCTION unlist_the_seeker_with_the_certificate();

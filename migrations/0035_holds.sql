-- Which homes each trajectory holds, by an offer or by a lease: derived and written as the obligations are (0006). One home has
-- one tenant, and is offered to no more clients at once than the agreements allow (docs/DOMAIN.md §3.9, docs/adr/0036).

-- An exclusion constraint over texts, ids and periods. The extension is trusted: the owner of the database may create it.
CREATE EXTENSION IF NOT EXISTS btree_gist;

CREATE TABLE holds (
    trajectory_id uuid     NOT NULL,
    -- The number of the fact that begins the hold.
    opened_by     bigint   NOT NULL,
    -- The number of events from which the row was derived.
    version       bigint   NOT NULL,
    corporation   text     NOT NULL,
    unit          text     NOT NULL,
    -- Its complex and the vacancy, by the offer; a lease has those of the offer that it follows.
    complex       text,
    vacancy       uuid,
    -- offer or lease, and its id.
    what          text     NOT NULL,
    what_id       uuid     NOT NULL,
    -- The first day, and the first day on which the home is free again; null if that is not known.
    since         date     NOT NULL,
    until         date,
    -- How many offers at once the agreements of the offer allow; 0 for no limit. 1 for a lease.
    at_once       smallint NOT NULL,
    -- The last day to answer, of an offer that was not answered and not withdrawn.
    respond_by    date,
    -- Whether the constraint below holds this row. It does not if the agreements allow several offers at once, or if the row was
    -- recorded in spite of another hold, because the past is recorded as it was. It follows from the other rows at the time of
    -- writing and not from the events.
    guarded       boolean  NOT NULL,
    PRIMARY KEY (trajectory_id, opened_by),
    -- What two reports at the same time would both find free, one of them gets.
    CONSTRAINT one_home_one_tenant EXCLUDE USING gist (
        corporation WITH =, unit WITH =, what WITH =, trajectory_id WITH <>, daterange(since, until) WITH &&
    ) WHERE (guarded)
);

-- Everything that holds a home.
CREATE INDEX holds_of_a_home ON holds (corporation, unit);
-- Where two trajectories hold one home, at least one row is not guarded.
CREATE INDEX holds_unguarded ON holds (corporation, unit) WHERE NOT guarded;
-- Who lives in a complex (docs/adr/0048).
CREATE INDEX holds_of_a_complex ON holds (corporation, complex) WHERE complex IS NOT NULL;
-- The offers of a vacancy and the leases that follow them.
CREATE INDEX holds_of_a_vacancy ON holds (vacancy) WHERE vacancy IS NOT NULL;
-- Offers whose last day may have passed, for the job that reports deadlines.
CREATE INDEX holds_to_answer ON holds (respond_by) WHERE respond_by IS NOT NULL;

GRANT SELECT, INSERT, UPDATE, DELETE ON holds TO omklap_app, omklap_keeper;

CREATE FUNCTION free_the_homes_with_the_certificate() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM holds WHERE trajectory_id = NEW.aggregate_id::uuid;
    RETURN NULL;
END
$$;

CREATE TRIGGER free_the_homes_with_the_certificate AFTER INSERT ON events FOR EACH ROW
    WHEN (NEW.aggregate_type = 'destruction') EXECUTE FUNCTION free_the_homes_with_the_certificate();

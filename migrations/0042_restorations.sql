-- When this database was taken for a restored copy. A copy that nobody has confirmed to be the real ledger sends nothing, signs
-- nothing and judges nothing (ADR 27).
CREATE TABLE restorations (
    number       bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    -- said: an operator or a restore said so. moved: it is in another cluster or database than before. behind: a checkpoint
    -- was signed outside that it does not have.
    reason       text        NOT NULL CHECK (reason IN ('said', 'moved', 'behind')),
    -- What was seen: confirmed once, the same is no sign any more.
    seen         text        NOT NULL DEFAULT '',
    noticed_at   timestamptz NOT NULL DEFAULT now(),
    -- Null as long as nobody confirmed that this is the real ledger. The owner of the tables confirms; the program cannot.
    confirmed_at timestamptz
);

-- Where the ledger has been at home: the identifier of the cluster and the number of the database in it. A backup that was
-- restored elsewhere brings this along, and is somewhere else.
CREATE TABLE ledger_homes (
    home        text        PRIMARY KEY,
    known_since timestamptz NOT NULL DEFAULT now()
);

GRANT SELECT, INSERT ON restorations, ledger_homes TO omklap_app;

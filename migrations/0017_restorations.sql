-- When this database was found to be a restored copy. Until an operator confirms that it is the real ledger, a copy sends
-- nothing, signs nothing and records nothing (ADR 27).
CREATE TABLE restorations (
    number       bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    -- said: an operator or a restore said so. moved: it is in another cluster or database than before. behind: it lacks a
    -- checkpoint that was signed and kept outside.
    reason       text        NOT NULL CHECK (reason IN ('said', 'moved', 'behind')),
    -- What was seen. Once confirmed, the same observation does not count again.
    seen         text        NOT NULL DEFAULT '',
    noticed_at   timestamptz NOT NULL DEFAULT now(),
    -- Null until somebody confirms that this is the real ledger. Only the owner of the tables can; the program cannot.
    confirmed_at timestamptz
);

-- The clusters and databases in which the ledger has run: the cluster's identifier and the database's number. A backup that
-- is restored elsewhere brings these rows along and differs from them.
CREATE TABLE ledger_homes (
    home        text        PRIMARY KEY,
    known_since timestamptz NOT NULL DEFAULT now()
);

GRANT SELECT, INSERT ON restorations, ledger_homes TO omklap_app;

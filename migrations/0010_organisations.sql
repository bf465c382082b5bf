-- Who may sign in: the organisations of the partners, and the programs (OAuth 2 clients) that speak for them. Nothing here is
-- personal; a contact point is a desk, not a person.
CREATE TABLE organisations (
    organisation_id text        COLLATE "C" PRIMARY KEY,
    kind            text        NOT NULL,
    name            text        NOT NULL,
    regions         text[]      NOT NULL,
    -- {"nuisance-desk": "how to reach it", …}
    contact_points  json        NOT NULL,
    -- How often it was written: the version that a change is based on.
    version         bigint      NOT NULL,
    disabled_at     timestamptz
);

CREATE TABLE clients (
    -- A name belongs to one organisation and one issuer for ever: its reports stay in the ledger under that name.
    client_id       text        COLLATE "C" PRIMARY KEY,
    organisation_id text        COLLATE "C" NOT NULL REFERENCES organisations,
    issuer          text        NOT NULL,
    roles           text[]      NOT NULL,
    -- The purpose of its requests if its token names none.
    purpose         text,
    disabled_at     timestamptz
);

CREATE INDEX clients_by_organisation ON clients (organisation_id);

GRANT SELECT, INSERT, UPDATE ON organisations, clients TO omklap_app;

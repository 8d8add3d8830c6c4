-- The tables of SQLite's step of the same number, in the types of PostgreSQL. A test compares the two.

-- Which ledger this is. The hash chain begins with the hash of this row.
create table ledger (
    "only" bigint primary key check ("only" = 1),
    id bytea not null check (length(id) = 16),
    created_at bigint not null
);

-- By this a ledger is known for one, as a file is by its application id.
comment on table ledger is 'throughline ledger';

-- Where the line of commits ends. Whoever writes holds this row.
create table head (
    "only" bigint primary key check ("only" = 1),
    number bigint not null,
    hash bytea not null check (length(hash) = 32),
    at bigint not null
);

-- Drafts: names for lines of plan commits beside the main one.
create table labels (
    id bytea primary key check (length(id) = 16),
    name text not null,
    opened bigint not null unique,
    closed bigint unique
);

-- Instants are microseconds since 1970-01-01 UTC, hashes SHA-256, ids the 16 bytes of a UUID.
create table commits (
    number bigint primary key,
    previous_hash bytea not null check (length(previous_hash) = 32),
    hash bytea not null check (length(hash) = 32),
    at bigint not null,
    recorded_at bigint not null,
    brought_in boolean not null,
    author bytea check (length(author) = 16),
    origin text not null,
    reason text,
    kind text not null,
    draft bytea references labels (id),
    records bigint not null,
    observations bigint not null
);

create index commits_without_recorded_at on commits (number) where not brought_in;
create index commits_brought_in on commits (recorded_at, number) where brought_in;
create index commits_of_the_plan on commits (recorded_at, number) where kind = 'plan' and draft is null;

-- What each commit does to records, in order: whole versions. Times and draft are those of the commit.
create table record_versions (
    number bigint not null references commits (number),
    ordinal bigint not null,
    kind text not null,
    id bytea not null check (length(id) = 16),
    change text not null check (change in ('put', 'retire', 'erase')),
    position double precision,
    body text,
    new_key boolean not null,
    recorded_at bigint not null,
    draft bytea,
    primary key (number, ordinal)
);

create index record_history on record_versions (kind, id, recorded_at desc, number desc, ordinal desc);
create index erasures on record_versions (id) where change = 'erase';

-- The observations of each commit, packed.
create table observation_blocks (
    number bigint not null references commits (number),
    ordinal bigint not null,
    rows bigint not null,
    first_measure bytea not null check (length(first_measure) = 16),
    last_measure bytea not null check (length(last_measure) = 16),
    hash bytea not null check (length(hash) = 32),
    recorded_at bigint not null,
    bytes bytea not null,
    primary key (number, ordinal)
);

-- A block is compressed already.
alter table observation_blocks alter column bytes set storage external;

create index blocks_as_known on observation_blocks (recorded_at, number, ordinal);

-- The data keys under which what is personal is sealed. The one table of the chain's neighbourhood that forgets.
create table person_keys (
    person bytea primary key check (length(person) = 16),
    key bytea not null check (length(key) = 32)
);

-- What is outside the chain and expires: sign-ins, jobs, idempotency keys, read marks.
create table workings (
    purpose text not null,
    key text not null,
    body bytea not null,
    expires_at bigint not null,
    primary key (purpose, key)
);

create index workings_by_expiry on workings (expires_at);

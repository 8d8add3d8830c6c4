-- Which ledger this is. The hash chain begins with the hash of this row.
create table ledger (
    only integer primary key check (only = 1),
    id blob not null check (length(id) = 16),
    created_at integer not null
) strict;

-- Where the line of commits ends. Whoever writes holds this row.
create table head (
    only integer primary key check (only = 1),
    number integer not null,
    hash blob not null check (length(hash) = 32),
    at integer not null
) strict;

-- Drafts: names for lines of plan commits beside the main one.
create table labels (
    id blob primary key check (length(id) = 16),
    name text not null,
    opened integer not null unique,
    closed integer unique
) strict;

-- Instants are microseconds since 1970-01-01 UTC, hashes SHA-256, ids the 16 bytes of a UUID.
create table commits (
    number integer primary key,
    previous_hash blob not null check (length(previous_hash) = 32),
    hash blob not null check (length(hash) = 32),
    at integer not null,
    recorded_at integer not null,
    brought_in integer not null check (brought_in in (0, 1)),
    author blob check (length(author) = 16),
    origin text not null,
    reason text,
    kind text not null,
    draft blob references labels (id),
    records integer not null,
    observations integer not null
) strict;

create index commits_without_recorded_at on commits (number) where brought_in = 0;
create index commits_brought_in on commits (recorded_at, number) where brought_in = 1;
create index commits_of_the_plan on commits (recorded_at, number) where kind = 'plan' and draft is null;

-- What each commit does to records, in order: whole versions. Times and draft are those of the commit.
create table record_versions (
    number integer not null references commits (number),
    ordinal integer not null,
    kind text not null,
    id blob not null check (length(id) = 16),
    change text not null check (change in ('put', 'retire', 'erase')),
    position real,
    body text,
    new_key integer not null check (new_key in (0, 1)),
    recorded_at integer not null,
    draft blob,
    primary key (number, ordinal)
) strict;

create index record_history on record_versions (kind, id, recorded_at desc, number desc, ordinal desc);
create index erasures on record_versions (id) where change = 'erase';

-- The observations of each commit, packed.
create table observation_blocks (
    number integer not null references commits (number),
    ordinal integer not null,
    rows integer not null,
    first_measure blob not null check (length(first_measure) = 16),
    last_measure blob not null check (length(last_measure) = 16),
    hash blob not null check (length(hash) = 32),
    recorded_at integer not null,
    bytes blob not null,
    primary key (number, ordinal)
) strict;

create index blocks_as_known on observation_blocks (recorded_at, number, ordinal);

-- The data keys under which what is personal is sealed. The one table of the chain's neighbourhood that forgets.
create table person_keys (
    person blob primary key check (length(person) = 16),
    key blob not null check (length(key) = 32)
) strict, without rowid;

-- What is outside the chain and expires: sign-ins, jobs, idempotency keys, read marks.
create table workings (
    purpose text not null,
    key text not null,
    body blob not null,
    expires_at integer not null,
    primary key (purpose, key)
) strict, without rowid;

create index workings_by_expiry on workings (expires_at);

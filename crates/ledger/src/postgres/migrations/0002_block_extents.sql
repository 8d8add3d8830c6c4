-- The tables of SQLite's step of the same number, in the types of PostgreSQL.

-- What a block can speak of, so that one that has none of the cells that are asked for is passed over: the least and the
-- greatest unit in it, and as days from 1970-01-01 the first day of its earliest period and the last one of its latest.
-- Those of the blocks that are there already are read from their contents.
alter table observation_blocks add column first_unit bytea not null default '\x00000000000000000000000000000000'
    check (length(first_unit) = 16);
alter table observation_blocks add column last_unit bytea not null default '\x00000000000000000000000000000000'
    check (length(last_unit) = 16);
alter table observation_blocks add column first_day bigint not null default 0;
alter table observation_blocks add column last_day bigint not null default 0;

drop index blocks_as_known;
create index blocks_as_known on observation_blocks (recorded_at, number, ordinal, first_measure, last_measure,
    first_unit, last_unit, first_day, last_day);

-- The custody log. The application may insert and read, never change. Leaves, nodes and checkpoints carry no agency.

-- The immutable commitment to an event, in its subject's own numbered chain.
create table custody.entry (
  id uuid primary key,
  agency_id uuid not null,
  subject_kind text not null,
  subject_id uuid not null,
  n bigint not null check (n >= 0),
  prev bytea check (length(prev) = 32),
  commitment bytea not null unique check (length(commitment) = 32),
  kind text not null,
  actor_id uuid,
  at timestamptz not null,
  unique (subject_kind, subject_id, n),
  check ((n = 0) = (prev is null))
);
create index entry_by_time on custody.entry (agency_id, at desc);

-- The event's exact text and its salt: the one part that a lawful disposal may shred.
create table custody.event_body (
  entry_id uuid primary key references custody.entry,
  agency_id uuid not null,
  event text not null,
  salt bytea not null check (length(salt) = 32)
);

-- Waiting for an index. Drained by id, never by "greater than last": commits arrive out of order.
create table custody.pending (
  id bigint generated always as identity primary key,
  commitment bytea not null unique
);

create table custody.leaf (
  index bigint primary key check (index >= 0),
  commitment bytea not null unique,
  leaf_hash bytea not null check (length(leaf_hash) = 32)
);
-- Complete subtrees only: node (level, index) covers leaves [index·2^level, (index+1)·2^level).
create table custody.node (
  level smallint not null check (level >= 0),
  index bigint not null check (index >= 0),
  hash bytea not null check (length(hash) = 32),
  primary key (level, index)
);
create table custody.checkpoint (
  size bigint primary key check (size > 0),
  -- Size of the one before, 0 for the first: a deleted checkpoint leaves a gap, and none can follow twice.
  previous bigint not null unique check (previous >= 0 and previous < size),
  root bytea not null check (length(root) = 32),
  note text not null,
  at timestamptz not null
);

create function custody.refuse_change() returns trigger language plpgsql as $$
begin
  raise exception 'custody log: % on % is refused', tg_op, tg_table_name using errcode = 'restrict_violation';
end $$;

do $$
declare t text;
begin
  foreach t in array array['entry','event_body','leaf','node','checkpoint'] loop
    execute format('create trigger append_only before update or delete on custody.%I for each row execute function custody.refuse_change()', t);
    execute format('create trigger append_only_truncate before truncate on custody.%I for each statement execute function custody.refuse_change()', t);
    execute format('alter table custody.%I enable always trigger append_only', t);
    execute format('alter table custody.%I enable always trigger append_only_truncate', t);
  end loop;
end $$;

alter table custody.entry enable row level security;
create policy own_agency on custody.entry using (agency_id = sworn.current_agency()) with check (agency_id = sworn.current_agency());
alter table custody.event_body enable row level security;
create policy own_agency on custody.event_body using (agency_id = sworn.current_agency()) with check (agency_id = sworn.current_agency());

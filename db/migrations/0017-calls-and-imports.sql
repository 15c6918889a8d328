-- Calls of dispatch with every state they had, what people say shows them, tables that were brought in, and locks on a
-- single item.

-- Nothing ever wrote these: whether footage was found is asked each time and not stored, since it may come late.
drop table sworn.call_response;
alter table sworn.call drop column import_id;
drop table sworn.call_import;

-- A table of calls, shifts or people that changed something here, and how it was read: so is the next one.
create table sworn.import (
  id uuid primary key,
  agency_id uuid not null references sworn.agency,
  kind text not null check (kind in ('calls', 'shifts', 'people')),
  name text not null check (length(name) between 1 and 200),
  sha256 bytea not null check (length(sha256) = 32),
  mapping jsonb not null,
  zone text not null check (length(zone) <= 60),
  date_order text not null check (date_order in ('mdy', 'dmy')),
  added integer not null,
  changed integer not null,
  unchanged integer not null,
  refused integer not null,
  created_by uuid not null,
  created_at timestamptz not null default now()
);
create index import_latest on sworn.import (agency_id, kind, created_at desc);

alter table sworn.call
  add version integer not null default 1 check (version >= 1),
  add incident_id uuid references sworn.incident;
create index call_of_incident on sworn.call (incident_id) where incident_id is not null;
-- Each state of a call, the first and the present one included; the log holds their hashes.
create table sworn.call_version (
  call_id uuid not null references sworn.call,
  version integer not null check (version >= 1),
  agency_id uuid not null references sworn.agency,
  facts jsonb not null,
  import_id uuid references sworn.import,
  written_by uuid not null,
  written_at timestamptz not null default now(),
  primary key (call_id, version)
);
-- Who answered: whose badge it was, and which unit they were of, when the call came here.
create table sworn.call_response (
  call_id uuid not null references sworn.call,
  badge text not null check (length(badge) between 1 and 40),
  agency_id uuid not null references sworn.agency,
  person_id uuid references sworn.person,
  unit_id uuid references sworn.unit,
  -- No footage is expected of them.
  settled_by uuid,
  reason text check (length(reason) between 1 and 500),
  primary key (call_id, badge),
  check ((settled_by is null) = (reason is null))
);
create index response_by_person on sworn.call_response (person_id, call_id) where person_id is not null;
create index response_by_unit on sworn.call_response (unit_id, call_id) where unit_id is not null;
-- What people said: this item shows the call, or it does not.
create table sworn.call_evidence (
  call_id uuid not null references sworn.call,
  evidence_id uuid not null references sworn.evidence,
  agency_id uuid not null references sworn.agency,
  state text not null check (state in ('accepted', 'refused')),
  decided_by uuid not null,
  decided_at timestamptz not null default now(),
  primary key (call_id, evidence_id)
);
create index call_of_evidence on sworn.call_evidence (evidence_id);

-- A lock on an incident, or on one item that belongs to none.
alter table sworn.statement_lock
  alter incident_id drop not null,
  add evidence_id uuid references sworn.evidence,
  add check (num_nonnulls(incident_id, evidence_id) = 1);
create index lock_of_evidence on sworn.statement_lock (evidence_id) where evidence_id is not null;

-- Whoever accepts comes in with the badge that they were invited with, where it is still free.
alter table sworn.invitation add badge text check (length(badge) between 1 and 40);

do $$
declare t text;
begin
  foreach t in array array['import', 'call_version', 'call_response', 'call_evidence'] loop
    execute format('alter table sworn.%I enable row level security', t);
    execute format('create policy own_agency on sworn.%I using (agency_id = sworn.current_agency()) with check (agency_id = sworn.current_agency())', t);
    execute format('create policy checker_reads_all on sworn.%I for select to sworn_checker using (true)', t);
    execute format('grant select on sworn.%I to sworn_checker', t);
    execute format('grant select, insert on sworn.%I to sworn_app', t);
  end loop;
end $$;
grant update (version, incident_id) on sworn.call to sworn_app;
grant update (person_id, unit_id, settled_by, reason) on sworn.call_response to sworn_app;
grant delete on sworn.call_response, sworn.call_evidence to sworn_app;
grant update (state, decided_by, decided_at) on sworn.call_evidence to sworn_app;

-- A state that a call had stays what it was, whoever asks.
create function sworn.refuse_change_of_version() returns trigger language plpgsql set search_path = pg_catalog as $$
begin
  raise exception 'a state that a call had is never changed' using errcode = 'insufficient_privilege';
end $$;
revoke execute on function sworn.refuse_change_of_version() from public;
create trigger version_stays before update or delete on sworn.call_version for each row
  execute function sworn.refuse_change_of_version();
alter table sworn.call_version enable always trigger version_stays;

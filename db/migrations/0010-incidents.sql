-- What happened, which items show it, who asked for them, who wore which camera when, and who may not look yet.

create extension btree_gist schema search;

-- One event in the world. Its words are read by people only; the log holds their hash.
create table sworn.incident (
  id uuid primary key,
  agency_id uuid not null references sworn.agency,
  -- As dispatch or the report calls it; what people look for.
  number text not null check (length(number) between 1 and 60),
  kind text not null default '' check (length(kind) <= 100),
  place text not null default '' check (length(place) <= 300),
  lat double precision check (lat between -90 and 90),
  lon double precision check (lon between -180 and 180),
  from_at timestamptz,
  to_at timestamptz,
  people jsonb not null default '[]',
  outcomes jsonb not null default '[]',
  -- Who of the supervisors sees it.
  unit_id uuid references sworn.unit,
  state text not null default 'open' check (state in ('open', 'closed')),
  created_by uuid not null,
  created_at timestamptz not null default now(),
  check ((lat is null) = (lon is null)),
  check (from_at <= to_at),
  unique (agency_id, number)
);
create index incident_by_time on sworn.incident (agency_id, (coalesce(from_at, created_at)) desc, id desc);
create index incident_by_unit on sworn.incident (agency_id, unit_id, (coalesce(from_at, created_at)) desc, id desc);
create index incident_by_creator on sworn.incident (agency_id, created_by);
create table sworn.incident_evidence (
  incident_id uuid not null references sworn.incident,
  evidence_id uuid not null references sworn.evidence,
  agency_id uuid not null references sworn.agency,
  how text not null check (how in ('hand', 'number', 'suggested', 'call')),
  added_by uuid not null,
  added_at timestamptz not null default now(),
  -- False where who added the item did not see the incident: a number that was guessed must not open its papers.
  opens boolean not null,
  primary key (incident_id, evidence_id)
);
create index incident_of_evidence on sworn.incident_evidence (evidence_id);

-- Incidents and evidence, prepared for somebody.
create table sworn.case_file (
  id uuid primary key,
  agency_id uuid not null references sworn.agency,
  number text not null check (length(number) between 1 and 60),
  title text not null check (length(title) between 1 and 200),
  people jsonb not null default '[]',
  unit_id uuid references sworn.unit,
  state text not null default 'open' check (state in ('open', 'closed')),
  created_by uuid not null,
  created_at timestamptz not null default now(),
  unique (agency_id, number)
);
create index case_by_time on sworn.case_file (agency_id, created_at desc, id desc);
create table sworn.case_incident (
  case_id uuid not null references sworn.case_file,
  incident_id uuid not null references sworn.incident,
  agency_id uuid not null references sworn.agency,
  added_by uuid not null,
  added_at timestamptz not null default now(),
  primary key (case_id, incident_id)
);
create index case_of_incident on sworn.case_incident (incident_id);
create table sworn.case_evidence (
  case_id uuid not null references sworn.case_file,
  evidence_id uuid not null references sworn.evidence,
  agency_id uuid not null references sworn.agency,
  added_by uuid not null,
  added_at timestamptz not null default now(),
  primary key (case_id, evidence_id)
);
create index case_of_evidence on sworn.case_evidence (evidence_id);

-- Papers of an incident or of a case. What is noted stays.
create table sworn.matter_note (
  id uuid primary key,
  agency_id uuid not null references sworn.agency,
  incident_id uuid references sworn.incident,
  case_id uuid references sworn.case_file,
  words text not null check (length(words) between 1 and 4000),
  author_id uuid not null,
  written_at timestamptz not null default now(),
  check (num_nonnulls(incident_id, case_id) = 1)
);
create index note_of_incident on sworn.matter_note (incident_id, written_at) where incident_id is not null;
create index note_of_case on sworn.matter_note (case_id, written_at) where case_id is not null;
create table sworn.matter_task (
  id uuid primary key,
  agency_id uuid not null references sworn.agency,
  incident_id uuid references sworn.incident,
  case_id uuid references sworn.case_file,
  words text not null check (length(words) between 1 and 500),
  owner_id uuid references sworn.person,
  due_on date,
  done_at timestamptz,
  done_by uuid,
  created_by uuid not null,
  created_at timestamptz not null default now(),
  check (num_nonnulls(incident_id, case_id) = 1),
  check ((done_at is null) = (done_by is null))
);
create index task_of_incident on sworn.matter_task (incident_id) where incident_id is not null;
create index task_of_case on sworn.matter_task (case_id) where case_id is not null;

-- Who wears which camera when. An end that is null: not brought back yet.
create table sworn.assignment (
  id uuid primary key,
  agency_id uuid not null references sworn.agency,
  device_id uuid not null references sworn.device,
  person_id uuid not null references sworn.person,
  from_at timestamptz not null,
  to_at timestamptz,
  -- Entered in error: as if it had never been.
  withdrawn_at timestamptz,
  created_by uuid not null,
  created_at timestamptz not null default now(),
  check (to_at > from_at),
  constraint one_wearer_at_a_time exclude using gist (device_id with =, tstzrange(from_at, to_at) with &&)
    where (withdrawn_at is null)
);
create index assignment_of_person on sworn.assignment (person_id, from_at desc);
create index assignment_by_time on sworn.assignment (agency_id, from_at desc, id desc);
create unique index person_badge on sworn.person (agency_id, lower(badge));

-- An item whose wearer was not known gets the unit together with its wearer; one that has a unit keeps it.
drop trigger unit_stays on sworn.evidence;
create trigger unit_stays before update of unit_id on sworn.evidence for each row
  when (old.unit_id is not null and old.unit_id is distinct from new.unit_id) execute function sworn.refuse_other_unit();
alter table sworn.evidence enable always trigger unit_stays;

-- Calls for service, as dispatch had them, and who answered.
create table sworn.call_import (
  id uuid primary key,
  agency_id uuid not null references sworn.agency,
  name text not null check (length(name) between 1 and 200),
  sha256 bytea not null check (length(sha256) = 32),
  added integer not null,
  changed integer not null,
  unchanged integer not null,
  created_by uuid not null,
  created_at timestamptz not null default now()
);
create table sworn.call (
  id uuid primary key,
  agency_id uuid not null references sworn.agency,
  number text not null check (length(number) between 1 and 60),
  kind text not null default '' check (length(kind) <= 100),
  place text not null default '' check (length(place) <= 300),
  lat double precision check (lat between -90 and 90),
  lon double precision check (lon between -180 and 180),
  from_at timestamptz not null,
  to_at timestamptz not null,
  import_id uuid references sworn.call_import,
  created_by uuid not null,
  created_at timestamptz not null default now(),
  check ((lat is null) = (lon is null)),
  check (from_at <= to_at),
  unique (agency_id, number)
);
create index call_by_time on sworn.call (agency_id, from_at desc, id desc);
-- One for each badge of a call, and what was found for it.
create table sworn.call_response (
  call_id uuid not null references sworn.call,
  badge text not null check (length(badge) between 1 and 40),
  agency_id uuid not null references sworn.agency,
  -- matched: at least one item, surely; ambiguous: somebody must choose; settled: somebody has, or said there is none.
  state text not null check (state in ('matched', 'missing', 'ambiguous', 'settled')),
  person_id uuid references sworn.person,
  from_at timestamptz not null,
  settled_by uuid,
  reason text check (length(reason) between 1 and 500),
  primary key (call_id, badge)
);
create index response_by_state on sworn.call_response (agency_id, state, from_at desc, call_id desc, badge desc);
create index response_by_person on sworn.call_response (person_id, from_at desc);
alter table sworn.agency
  add call_before_minutes integer not null default 15 check (call_before_minutes between 0 and 240),
  add call_after_minutes integer not null default 30 check (call_after_minutes between 0 and 240);

-- After force: who was involved watches nothing of it before their statement is recorded.
create table sworn.statement_lock (
  id uuid primary key,
  agency_id uuid not null references sworn.agency,
  incident_id uuid not null references sworn.incident,
  reason text not null check (length(reason) between 1 and 1000),
  placed_by uuid not null,
  placed_at timestamptz not null default now()
);
create index lock_of_incident on sworn.statement_lock (incident_id);
create table sworn.statement_lock_person (
  lock_id uuid not null references sworn.statement_lock,
  person_id uuid not null references sworn.person,
  agency_id uuid not null references sworn.agency,
  statement_at timestamptz,
  -- Who took it, in words: the taker need not have a sign-in.
  taken_by text check (length(taken_by) between 1 and 200),
  ended_at timestamptz,
  ended_by uuid,
  end_reason text check (length(end_reason) between 1 and 1000),
  primary key (lock_id, person_id),
  check ((ended_at is null) = (ended_by is null)),
  check ((statement_at is null) = (taken_by is null))
);
create index locked_person on sworn.statement_lock_person (person_id) where ended_at is null;

do $$
declare t text;
begin
  foreach t in array array['incident', 'incident_evidence', 'case_file', 'case_incident', 'case_evidence', 'matter_note', 'matter_task',
                           'assignment', 'call_import', 'call', 'call_response', 'statement_lock', 'statement_lock_person'] loop
    execute format('alter table sworn.%I enable row level security', t);
    execute format('create policy own_agency on sworn.%I using (agency_id = sworn.current_agency()) with check (agency_id = sworn.current_agency())', t);
    execute format('create policy checker_reads_all on sworn.%I for select to sworn_checker using (true)', t);
    execute format('grant select on sworn.%I to sworn_checker', t);
    execute format('grant select, insert on sworn.%I to sworn_app', t);
  end loop;
end $$;
grant update (number, kind, place, lat, lon, from_at, to_at, people, outcomes, unit_id, state) on sworn.incident to sworn_app;
grant update (number, title, people, unit_id, state) on sworn.case_file to sworn_app;
grant update (opens, how, added_by, added_at) on sworn.incident_evidence to sworn_app;
grant delete on sworn.incident_evidence, sworn.case_incident, sworn.case_evidence to sworn_app;
grant update (words, owner_id, due_on, done_at, done_by) on sworn.matter_task to sworn_app;
grant update (person_id, from_at, to_at, withdrawn_at) on sworn.assignment to sworn_app;
grant update (kind, place, lat, lon, from_at, to_at, import_id) on sworn.call to sworn_app;
grant update (state, person_id, from_at, settled_by, reason) on sworn.call_response to sworn_app;
grant delete on sworn.call_response to sworn_app;
grant update (call_before_minutes, call_after_minutes) on sworn.agency to sworn_app;
grant update (badge) on sworn.person to sworn_app;
grant update (statement_at, taken_by, ended_at, ended_by, end_reason) on sworn.statement_lock_person to sworn_app;
-- A lock that ended for somebody, or a statement that was recorded, stays so.
create policy ended_stays on sworn.statement_lock_person as restrictive for update to sworn_app
  using (ended_at is null) with check (true);

-- Business tables. Every row belongs to one agency; row-level security reads the agency that the
-- transaction set with set_config('sworn.agency', …, true). No agency set: nothing is visible.
create schema sworn;
create schema custody;
create schema auth;

create function sworn.current_agency() returns uuid language sql stable
  as $$ select nullif(current_setting('sworn.agency', true), '')::uuid $$;

-- One row: what this deployment is, whatever its agencies. The origin never changes.
create table sworn.deployment (
  only_row boolean primary key default true check (only_row),
  log_origin text not null,
  log_vkey text not null,
  created_at timestamptz not null default now(),
  recovery_sheet_at timestamptz
);

create table sworn.set_up_link (
  token_hash bytea primary key,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null,
  used_at timestamptz
);

create table sworn.agency (
  id uuid primary key,
  name text not null check (length(name) between 1 and 200),
  time_zone text not null default 'UTC',
  created_at timestamptz not null default now()
);

create table sworn.person (
  id uuid primary key,
  agency_id uuid not null references sworn.agency,
  account_id text,
  name text not null,
  email text not null,
  badge text,
  roles text[] not null check (cardinality(roles) > 0),
  created_at timestamptz not null default now(),
  disabled_at timestamptz,
  unique (agency_id, email),
  unique (agency_id, account_id)
);
create index person_account on sworn.person (account_id);

create table sworn.device (
  id uuid primary key,
  agency_id uuid not null references sworn.agency,
  name text not null,
  model text,
  person_id uuid references sworn.person,
  created_at timestamptz not null default now(),
  revoked_at timestamptz,
  unique (agency_id, name)
);

-- A key cannot widen itself: role, device and agency have no UPDATE grant; only revoked_at and last_used_at have.
create table sworn.api_key (
  id uuid primary key,
  agency_id uuid not null references sworn.agency,
  name text not null,
  role text not null,
  device_id uuid references sworn.device,
  token_hash bytea not null unique,
  prefix text not null,
  created_by uuid,
  created_at timestamptz not null default now(),
  expires_at timestamptz,
  revoked_at timestamptz,
  last_used_at timestamptz
);

-- Evidence keys, wrapped by the master key. Destroying a row shreds the item.
create table sworn.evidence_key (
  evidence_id uuid primary key,
  agency_id uuid not null references sworn.agency,
  master_key_id text not null,
  wrapped bytea not null,
  created_at timestamptz not null default now()
);

create table sworn.evidence (
  id uuid primary key,
  agency_id uuid not null references sworn.agency,
  title text not null,
  kind text not null check (kind in ('video', 'audio', 'photo', 'document')),
  state text not null check (state in ('live', 'sealing', 'stored', 'incomplete', 'disposed')),
  sha256 bytea check (length(sha256) = 32),
  chunk_root bytea check (length(chunk_root) = 32),
  size bigint not null default 0 check (size >= 0),
  recorded_at timestamptz,
  time_source text not null default 'unknown',
  time_uncertainty_ms integer,
  device_id uuid references sworn.device,
  person_id uuid references sworn.person,
  source_name text,
  signed_at_source boolean not null default false,
  media_state text not null default 'pending' check (media_state in ('pending', 'running', 'ready', 'failed', 'refused')),
  media_code text,
  media_detail text,
  media_facts jsonb,
  duration_ms bigint,
  received_at timestamptz not null default now(),
  stored_at timestamptz
);
create index evidence_by_time on sworn.evidence (agency_id, (coalesce(recorded_at, received_at)) desc, id desc);
-- An officer's own, which is few among all: without it their list reads past everybody else's items.
create index evidence_by_person on sworn.evidence (agency_id, person_id, (coalesce(recorded_at, received_at)) desc, id desc);
create index evidence_by_sha256 on sworn.evidence (agency_id, sha256);

-- A file is an ordered list of spans: an original (one per take) or a derivative that names its evidence.
create table sworn.file (
  id uuid primary key,
  agency_id uuid not null references sworn.agency,
  evidence_id uuid not null,
  role text not null check (role in ('original', 'poster', 'track')),
  take smallint not null default 0 check (take >= 0),
  media_type text not null,
  state text not null check (state in ('open', 'stored')),
  size bigint not null default 0 check (size >= 0),
  sha256 bytea check (length(sha256) = 32),
  chunk_root bytea check (length(chunk_root) = 32),
  -- How a derivative came to be: tool, version, parameters.
  made_by jsonb,
  created_at timestamptz not null default now()
);
create unique index file_original on sworn.file (evidence_id, take) where role = 'original';
create index file_by_evidence on sworn.file (evidence_id, role, take, created_at);

-- A span exists in the object store before its row does. sha256 is of the plain bytes, sealed_sha256 of the object.
create table sworn.span (
  file_id uuid not null references sworn.file,
  seq integer not null check (seq >= 0),
  agency_id uuid not null references sworn.agency,
  start_offset bigint not null check (start_offset >= 0),
  size integer not null check (size > 0 and size <= 67108864),
  sha256 bytea not null check (length(sha256) = 32),
  crc32 bigint not null,
  object_key text not null unique,
  sealed_size integer not null,
  sealed_sha256 bytea not null check (length(sealed_sha256) = 32),
  wrapped_key bytea not null,
  created_at timestamptz not null default now(),
  primary key (file_id, seq),
  unique (file_id, start_offset)
);

create table sworn.upload (
  id uuid primary key,
  agency_id uuid not null references sworn.agency,
  file_id uuid not null references sworn.file,
  actor_id uuid not null,
  person_id uuid references sworn.person,
  device_id uuid references sworn.device,
  name text not null,
  declared_type text,
  declared_sha256 bytea check (length(declared_sha256) = 32),
  captured_at timestamptz,
  title text,
  length bigint not null check (length > 0),
  received bigint not null default 0 check (received >= 0 and received <= length),
  checked bigint not null default 0,
  state text not null check (state in ('receiving', 'sealing', 'stored', 'refused', 'incomplete', 'cancelled')),
  code text,
  detail text,
  evidence_id uuid,
  already_held boolean not null default false,
  created_at timestamptz not null default now(),
  last_byte_at timestamptz not null default now(),
  expires_at timestamptz
);
create index upload_open on sworn.upload (agency_id, state, expires_at);

-- id is also the evidence id.
create table sworn.recording (
  id uuid primary key,
  agency_id uuid not null references sworn.agency,
  device_id uuid not null references sworn.device,
  person_id uuid references sworn.person,
  state text not null check (state in ('live', 'sealing', 'closed', 'interrupted')),
  reason text not null,
  open_request jsonb not null,
  started_at timestamptz not null,
  last_byte_at timestamptz not null default now(),
  closed_at timestamptz,
  close_reason text,
  created_at timestamptz not null default now()
);
create index recording_live on sworn.recording (agency_id, state, last_byte_at);

create table sworn.take (
  id uuid primary key,
  agency_id uuid not null references sworn.agency,
  recording_id uuid not null references sworn.recording,
  take smallint not null check (take >= 0),
  file_id uuid not null references sworn.file,
  state text not null check (state in ('open', 'sealing', 'stored', 'interrupted')),
  init_sha256 bytea,
  -- What the structure check needs to judge the next fragment: next number, last tfdt per track, time scales.
  tail jsonb not null default '{}',
  fragments integer not null default 0,
  stored_fragments integer not null default 0,
  declared_fragments integer,
  size bigint not null default 0,
  sha256 bytea,
  chunk_root bytea,
  fragment_root bytea,
  opened_at timestamptz not null default now(),
  last_byte_at timestamptz not null default now(),
  rolled_at timestamptz not null default now(),
  closed_at timestamptz,
  duration_ms bigint,
  unique (recording_id, take)
);
create index take_open on sworn.take (agency_id, state, last_byte_at);

-- n = -1 is the init segment. A place in the spool until rolled, then a place in the take's file.
create table sworn.fragment (
  take_id uuid not null references sworn.take,
  n integer not null check (n >= -1),
  agency_id uuid not null references sworn.agency,
  sha256 bytea not null check (length(sha256) = 32),
  size integer not null check (size > 0),
  start_ms bigint,
  duration_ms integer,
  spool_node text,
  spool_segment text,
  spool_offset bigint,
  spool_size integer,
  file_offset bigint,
  received_at timestamptz not null default now(),
  primary key (take_id, n),
  check ((spool_node is not null) or (file_offset is not null))
);
create index fragment_spooled on sworn.fragment (spool_node, spool_segment) where spool_node is not null;

-- Positions of one take: the file holds every fix (JSON Lines), this row what lists need.
create table sworn.track (
  evidence_id uuid not null,
  take smallint not null default 0,
  agency_id uuid not null references sworn.agency,
  file_id uuid not null references sworn.file,
  source text not null,
  fixes integer not null,
  from_at timestamptz,
  to_at timestamptz,
  west double precision, south double precision, east double precision, north double precision,
  primary key (evidence_id, take)
);

-- Fixes of a take that still records; they become one hashed file when it closes.
create table sworn.take_fix (
  take_id uuid not null references sworn.take,
  seq integer not null check (seq >= 0),
  agency_id uuid not null references sworn.agency,
  source text not null,
  fix jsonb not null,
  primary key (take_id, seq)
);

do $$
declare t text;
begin
  foreach t in array array['person','device','api_key','evidence_key','evidence','file','span','upload',
                           'recording','take','fragment','track','take_fix'] loop
    execute format('alter table sworn.%I enable row level security', t);
    execute format('create policy own_agency on sworn.%I using (agency_id = sworn.current_agency()) with check (agency_id = sworn.current_agency())', t);
  end loop;
end $$;
alter table sworn.agency enable row level security;
create policy own_agency on sworn.agency using (id = sworn.current_agency()) with check (id = sworn.current_agency());

-- What must be known before an agency is: owner's functions that answer one question each.
create function sworn.agency_ids() returns setof uuid language sql stable security definer set search_path = pg_catalog
  as $$ select id from sworn.agency order by created_at, id $$;
create function sworn.find_api_key(hash bytea)
  returns table (id uuid, agency_id uuid, name text, role text, device_id uuid, expires_at timestamptz, revoked_at timestamptz)
  language sql stable security definer set search_path = pg_catalog
  as $$ select k.id, k.agency_id, k.name, k.role, k.device_id, k.expires_at, k.revoked_at from sworn.api_key k where k.token_hash = hash $$;
create function sworn.find_persons(account text)
  returns table (id uuid, agency_id uuid)
  language sql stable security definer set search_path = pg_catalog
  as $$ select p.id, p.agency_id from sworn.person p where p.account_id = account and p.disabled_at is null order by p.created_at $$;
-- Spool segments of a node that a fragment still needs, whatever the agency.
create function sworn.spool_segments_in_use(node text) returns setof text language sql stable security definer set search_path = pg_catalog
  as $$ select distinct f.spool_segment from sworn.fragment f where f.spool_node = node $$;
-- Which of these objects a span row names, whatever the agency (orphan search).
create function sworn.known_objects(keys text[]) returns setof text language sql stable security definer set search_path = pg_catalog
  as $$ select s.object_key from sworn.span s where s.object_key = any(keys) $$;
-- The same bytes came twice and became an entry on evidence that was here: the second copy's spans and key go.
-- Decided and logged by then; the objects become orphans that the caller removes, or the sweeper after a crash.
create function sworn.release_duplicate(upload uuid) returns setof text language sql security definer set search_path = pg_catalog
  as $$ with duplicate as (
          select u.file_id, f.evidence_id from sworn.upload u join sworn.file f on f.id = u.file_id
          where u.id = upload and u.agency_id = sworn.current_agency() and u.state = 'stored' and u.already_held
            and not exists (select from sworn.evidence e where e.id = f.evidence_id)),
        key as (delete from sworn.evidence_key k using duplicate d where k.evidence_id = d.evidence_id)
        delete from sworn.span s using duplicate d where s.file_id = d.file_id returning s.object_key $$;

-- Whose link an invitation is, what an answer given again showed.

-- Who made the link that opens now: with their right to invite, it falls.
alter table sworn.invitation add link_by uuid;
update sworn.invitation set link_by = invited_by;
grant update (link_by) on sworn.invitation to sworn_app;

-- Items, incidents and cases that the asker was shown then: one that is hidden from them since is not shown by repetition.
delete from sworn.kept_answer;
alter table sworn.kept_answer add shown uuid[] not null default '{}';
grant update (shown) on sworn.kept_answer to sworn_app;

-- Letters to people. Their rows say that something is to be told, not what: a secret link is sealed, and wiped at the end.
create table sworn.letter (
  id uuid primary key,
  agency_id uuid not null references sworn.agency,
  kind text not null check (kind in ('invited', 'shared', 'share-ending', 'mentioned', 'locked-out')),
  person_id uuid references sworn.person,
  -- Of somebody who is no person here yet.
  name text check (length(name) <= 200),
  address text check (length(address) <= 254),
  language text check (language in ('en', 'es')),
  about jsonb not null check (jsonb_typeof(about) = 'object' and length(about::text) <= 2000),
  secret bytea check (length(secret) <= 4000),
  state text not null default 'waiting' check (state in ('waiting', 'sent', 'refused', 'dropped')),
  why text check (length(why) <= 200),
  created_at timestamptz not null default now(),
  ended_at timestamptz,
  check ((person_id is null) = (address is not null)),
  check (state = 'waiting' or secret is null)
);
create index letter_by_time on sworn.letter (agency_id, created_at);
create index letter_by_person on sworn.letter (person_id, created_at) where person_id is not null;
create index letter_by_address on sworn.letter (agency_id, address, created_at) where address is not null;
-- Whoever does not want to be told by mail that they were named in a note.
alter table sworn.person add mail_mentions boolean not null default true;
grant update (mail_mentions) on sworn.person to sworn_app;

-- One person's reach, lent to another of the same agency until a day. Never changed, only ended, once.
create table sworn.delegation (
  id uuid primary key,
  agency_id uuid not null references sworn.agency,
  giver_id uuid not null references sworn.person,
  receiver_id uuid not null references sworn.person,
  roles text[] not null check (cardinality(roles) between 1 and 4
    and roles <@ array['supervisor', 'custodian', 'records', 'admin']),
  unit_id uuid references sworn.unit,
  from_at timestamptz not null,
  until_at timestamptz not null,
  reason text not null check (length(reason) between 1 and 1000),
  made_at timestamptz not null,
  ended_at timestamptz,
  ended_by uuid,
  end_reason text check (length(end_reason) between 1 and 1000),
  check (giver_id <> receiver_id),
  check (until_at > from_at),
  check ((ended_at is null) = (ended_by is null) and (ended_at is null) = (end_reason is null))
);
create index delegation_newest on sworn.delegation (agency_id, made_at desc, id desc);
create index delegation_by_giver on sworn.delegation (giver_id, made_at desc);
create index delegation_by_receiver on sworn.delegation (receiver_id, made_at desc);

do $$
declare t text;
begin
  foreach t in array array['letter', 'delegation'] loop
    execute format('alter table sworn.%I enable row level security', t);
    execute format('create policy own_agency on sworn.%I using (agency_id = sworn.current_agency()) with check (agency_id = sworn.current_agency())', t);
    execute format('create policy checker_reads_all on sworn.%I for select to sworn_checker using (true)', t);
    execute format('grant select on sworn.%I to sworn_checker', t);
    execute format('grant select, insert on sworn.%I to sworn_app', t);
  end loop;
end $$;
grant update (ended_at, ended_by, end_reason) on sworn.delegation to sworn_app;
create policy ended_stays on sworn.delegation as restrictive for update to sworn_app
  using (ended_at is null) with check (true);
grant update (state, why, ended_at, secret), delete on sworn.letter to sworn_app;

-- A still's marker has the still's own name, and the still is found by it: found by the marker, a name would be told that
-- is kept from whoever may see the original alone.
create or replace function sworn.find_marked(pattern text, others text[], most integer) returns setof uuid
  language sql stable security definer set search_path = pg_catalog
  as $$ select distinct m.evidence_id from (
          select k.evidence_id from sworn.marker k
          where k.agency_id = sworn.current_agency() and k.removed_at is null and k.derivative_id is null
            and (k.label || ' ' || k.note) ilike pattern and (k.label || ' ' || k.note) ilike all (others)
          order by k.created_at desc limit most) m $$;

-- The case whose contents of that moment a share holds.
alter table sworn.share add case_id uuid references sworn.case_file;
create index share_by_case on sworn.share (case_id, made_at desc) where case_id is not null;

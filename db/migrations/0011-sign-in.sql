-- How people come in: invitations, what a sign-in must have, who was locked out; and API keys with scopes.

-- Not a person yet: the link's token is the proof, kept as a hash. Used, revoked or replaced, it never opens again.
create table sworn.invitation (
  id uuid primary key,
  agency_id uuid not null references sworn.agency,
  name text not null check (length(name) between 1 and 200),
  email text not null check (length(email) between 3 and 254),
  roles text[] not null check (cardinality(roles) between 1 and 10),
  unit_id uuid references sworn.unit,
  token_hash bytea not null unique check (length(token_hash) = 32),
  invited_by uuid,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null,
  accepted_at timestamptz,
  person_id uuid references sworn.person,
  revoked_at timestamptz,
  check ((accepted_at is null) = (person_id is null)),
  check (accepted_at is null or revoked_at is null)
);
create unique index invitation_open on sworn.invitation (agency_id, email) where accepted_at is null and revoked_at is null;
create index invitation_by_time on sworn.invitation (agency_id, created_at desc, id desc);

-- What an agency asks of a sign-in. No row: what the defaults say.
create table sworn.sign_in_policy (
  agency_id uuid primary key references sworn.agency,
  idle_minutes integer not null default 30 check (idle_minutes between 5 and 60),
  -- Roles that need a second factor.
  second_factor text[] not null default '{}',
  notice text not null default '' check (length(notice) <= 4000),
  -- Raised with each new text: who has acknowledged an older one is asked again.
  notice_version integer not null default 0 check (notice_version >= 0)
);

-- Somebody's account was locked because of wrong tries: for them, and for who manages people.
create table sworn.lock_out (
  id uuid primary key,
  agency_id uuid not null references sworn.agency,
  person_id uuid not null references sworn.person,
  at timestamptz not null default now(),
  until timestamptz not null,
  -- By an admin, before its time.
  ended_at timestamptz,
  ended_by uuid,
  seen_at timestamptz
);
create index lock_out_by_time on sworn.lock_out (agency_id, at desc, id desc);
create index lock_out_by_person on sworn.lock_out (person_id, at desc);

-- Wrong tries per account, whether or not there is such an account: the answers must not differ. The account is a
-- keyed hash of the e-mail; browser '' stands for all that have never signed in to it.
create table sworn.sign_in_try (
  account bytea not null check (length(account) = 32),
  browser text not null default '' check (length(browser) <= 64),
  wrong integer not null default 0,
  locked_until timestamptz,
  last_at timestamptz not null default now(),
  primary key (account, browser)
);
create index sign_in_try_old on sworn.sign_in_try (last_at);

-- What a key may do of what its role may; null: all of it. As role and agency, never changed.
alter table sworn.api_key add scopes text[];

-- With its maker's roles of this moment: a key never does more than they may themselves.
drop function sworn.find_api_key(bytea);
create function sworn.find_api_key(hash bytea)
  returns table (id uuid, agency_id uuid, name text, role text, device_id uuid, expires_at timestamptz, revoked_at timestamptz,
    scopes text[], created_by uuid, maker_roles text[], maker_disabled boolean, last_used_at timestamptz)
  language sql stable security definer set search_path = pg_catalog
  as $$ select k.id, k.agency_id, k.name, k.role, k.device_id, k.expires_at, k.revoked_at, k.scopes, k.created_by,
          p.roles, p.disabled_at is not null, k.last_used_at
        from sworn.api_key k left join sworn.person p on p.id = k.created_by and p.agency_id = k.agency_id
        where k.token_hash = hash $$;
create function sworn.find_invitation(hash bytea) returns table (id uuid, agency_id uuid)
  language sql stable security definer set search_path = pg_catalog
  as $$ select i.id, i.agency_id from sworn.invitation i where i.token_hash = hash $$;
-- What the sign-in page shows before anybody is known: the notices of all agencies here.
create function sworn.front_door() returns table (agency_id uuid, name text, notice text, notice_version integer)
  language sql stable security definer set search_path = pg_catalog
  as $$ select a.id, a.name, s.notice, s.notice_version
        from sworn.agency a join sworn.sign_in_policy s on s.agency_id = a.id
        where s.notice <> '' order by a.created_at, a.id limit 20 $$;
revoke execute on function sworn.find_api_key(bytea), sworn.find_invitation(bytea), sworn.front_door() from public;
grant execute on function sworn.find_api_key(bytea), sworn.find_invitation(bytea), sworn.front_door() to sworn_app;

do $$
declare t text;
begin
  foreach t in array array['invitation', 'sign_in_policy', 'lock_out'] loop
    execute format('alter table sworn.%I enable row level security', t);
    execute format('create policy own_agency on sworn.%I using (agency_id = sworn.current_agency()) with check (agency_id = sworn.current_agency())', t);
    execute format('create policy checker_reads_all on sworn.%I for select to sworn_checker using (true)', t);
    execute format('grant select on sworn.%I to sworn_checker', t);
    execute format('grant select, insert on sworn.%I to sworn_app', t);
  end loop;
end $$;
grant update (token_hash, expires_at, accepted_at, person_id, revoked_at) on sworn.invitation to sworn_app;
-- What was accepted or revoked stays so: its row cannot be chosen for a change any more.
create policy ended_stays on sworn.invitation as restrictive for update to sworn_app
  using (accepted_at is null and revoked_at is null) with check (true);
grant update (idle_minutes, second_factor, notice, notice_version) on sworn.sign_in_policy to sworn_app;
grant update (ended_at, ended_by, seen_at) on sworn.lock_out to sworn_app;
grant select, insert, update, delete on sworn.sign_in_try to sworn_app;
grant select on sworn.sign_in_try to sworn_checker;

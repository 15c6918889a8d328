-- Signing in: what somebody must be told about their own account, and lock-outs that wait longer each time.

-- Somebody's account was locked because of wrong tries, or an admin took their second factors away: told at the next
-- sign-in, until they have seen it. Takes the place of lock_out, which nothing ever wrote.
drop table sworn.lock_out;
create table sworn.sign_in_notice (
  id uuid primary key,
  agency_id uuid not null references sworn.agency,
  person_id uuid not null references sworn.person,
  kind text not null check (kind in ('locked-out', 'factors-reset')),
  at timestamptz not null,
  -- When the lock ends by itself.
  until timestamptz,
  seen_at timestamptz,
  check ((kind = 'locked-out') = (until is not null))
);
create index sign_in_notice_unseen on sworn.sign_in_notice (person_id, at desc, id desc) where seen_at is null;
create index sign_in_notice_by_time on sworn.sign_in_notice (agency_id, at desc, id desc);
alter table sworn.sign_in_notice enable row level security;
create policy own_agency on sworn.sign_in_notice
  using (agency_id = sworn.current_agency()) with check (agency_id = sworn.current_agency());
create policy checker_reads_all on sworn.sign_in_notice for select to sworn_checker using (true);
grant select on sworn.sign_in_notice to sworn_checker;
grant select, insert on sworn.sign_in_notice to sworn_app;
grant update (seen_at) on sworn.sign_in_notice to sworn_app;

-- How many lock-outs there were in a row: each waits longer than the one before.
alter table sworn.sign_in_try add column locks integer not null default 0 check (locks >= 0);

-- Codes that were typed lately, as keyed hashes: a code that somebody read over a shoulder opens nothing a second time.
create table sworn.used_code (
  account bytea not null check (length(account) = 32),
  code bytea not null check (length(code) = 32),
  at timestamptz not null,
  primary key (account, code)
);
create index used_code_old on sworn.used_code (at);
grant select, insert, delete on sworn.used_code to sworn_app;
grant select on sworn.used_code to sworn_checker;

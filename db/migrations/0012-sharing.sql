-- What people outside see of an agency's items, and for whom alone an entry of the log can be read.

-- Some items, for some people of the prosecution or the defence, until a day. Ended early by hand, otherwise by itself.
create table sworn.share (
  id uuid primary key,
  agency_id uuid not null references sworn.agency,
  may_download boolean not null,
  -- Why, for the agency; what is said to those who get it.
  reason text not null check (length(reason) between 1 and 1000),
  message text not null default '' check (length(message) <= 2000),
  made_by uuid not null,
  made_at timestamptz not null,
  expires_at timestamptz not null,
  revoked_by uuid,
  revoked_at timestamptz,
  revoke_reason text check (length(revoke_reason) between 1 and 1000),
  check ((revoked_at is null) = (revoke_reason is null))
);
create index share_newest on sworn.share (agency_id, made_at desc, id desc);

create table sworn.share_person (
  share_id uuid not null references sworn.share,
  person_id uuid not null references sworn.person,
  agency_id uuid not null references sworn.agency,
  primary key (share_id, person_id)
);
create index share_person_by_person on sworn.share_person (person_id);

create table sworn.share_item (
  share_id uuid not null references sworn.share,
  evidence_id uuid not null references sworn.evidence,
  agency_id uuid not null references sworn.agency,
  -- The class it was restricted to when it was shared: restricted to another one later, the share shows it no more.
  class_id uuid references sworn.restricted_class,
  primary key (share_id, evidence_id)
);
create index share_item_by_evidence on sworn.share_item (evidence_id);

do $$
declare t text;
begin
  foreach t in array array['share', 'share_person', 'share_item'] loop
    execute format('alter table sworn.%I enable row level security', t);
    execute format('create policy own_agency on sworn.%I using (agency_id = sworn.current_agency()) with check (agency_id = sworn.current_agency())', t);
    execute format('create policy checker_reads_all on sworn.%I for select to sworn_checker using (true)', t);
    execute format('grant select on sworn.%I to sworn_checker', t);
    execute format('grant select, insert on sworn.%I to sworn_app', t);
  end loop;
end $$;
grant update (revoked_by, revoked_at, revoke_reason) on sworn.share to sworn_app;
-- A share that was revoked stays so: its row cannot be chosen for a change any more.
create policy revoked_stays on sworn.share as restrictive for update to sworn_app
  using (revoked_at is null) with check (true);

-- Whose reading an entry is about: its text opens for them alone. Null: for everybody who may read the history.
alter table custody.entry add audience text check (audience in ('agency', 'prosecution', 'defence'));

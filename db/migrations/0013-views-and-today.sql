-- How each person looks at the library: views they keep and share, what they put aside on their Today page, their
-- language. None of it says who may see an item: nothing here needs the custody log.

alter table sworn.agency add language text check (language in ('en', 'es'));
alter table sworn.person add language text check (language in ('en', 'es'));

-- A view is what the library's address holds. Who opens a shared one searches with their own reach.
create table sworn.saved_view (
  id uuid primary key,
  agency_id uuid not null references sworn.agency,
  -- Whose it is: they alone rename, share and remove it.
  person_id uuid not null references sworn.person,
  name text not null check (length(name) between 1 and 80),
  search jsonb not null check (jsonb_typeof(search) = 'object' and length(search::text) <= 8000),
  shared text not null default 'me' check (shared in ('me', 'unit', 'agency')),
  unit_id uuid references sworn.unit,
  created_at timestamptz not null default now(),
  -- Removed by its owner, who may take that back.
  removed_at timestamptz,
  check ((shared = 'unit') = (unit_id is not null))
);
create unique index saved_view_name on sworn.saved_view (agency_id, person_id, name) where removed_at is null;
create index saved_view_shared on sworn.saved_view (agency_id, shared) where removed_at is null and shared <> 'me';

-- The view with which somebody's library opens.
alter table sworn.person add default_view_id uuid references sworn.saved_view;

-- What somebody does not want to be reminded of: until a moment, or for good.
create table sworn.put_aside (
  agency_id uuid not null references sworn.agency,
  person_id uuid not null references sworn.person,
  -- Kind and id of what was put aside: it need not exist any more.
  key text not null check (length(key) between 1 and 200),
  until timestamptz,
  created_at timestamptz not null default now(),
  primary key (person_id, key)
);

do $$
declare t text;
begin
  foreach t in array array['saved_view', 'put_aside'] loop
    execute format('alter table sworn.%I enable row level security', t);
    execute format('create policy own_agency on sworn.%I using (agency_id = sworn.current_agency()) with check (agency_id = sworn.current_agency())', t);
    execute format('create policy checker_reads_all on sworn.%I for select to sworn_checker using (true)', t);
    execute format('grant select on sworn.%I to sworn_checker', t);
    execute format('grant select, insert on sworn.%I to sworn_app', t);
  end loop;
end $$;
grant update (name, search, shared, unit_id, removed_at) on sworn.saved_view to sworn_app;
grant update (until) on sworn.put_aside to sworn_app;
grant delete on sworn.put_aside to sworn_app;
grant update (language) on sworn.agency to sworn_app;
grant update (language, default_view_id) on sworn.person to sworn_app;

-- What somebody has to look at is asked for each time they begin: by who holds it, and by who sent it.
create index hold_by_owner on sworn.hold (agency_id, owner_id, review_on) where released_at is null;
create index upload_by_sender on sworn.upload (agency_id, person_id, last_byte_at) where state = 'receiving';

-- A drawn place: a polygon that a track's box touches. Where few tracks lie in it they are found by place, where many
-- do by time: the newest are answered either way, and neither reads the whole library.
create index track_newest on sworn.track (agency_id, from_at desc nulls last);
create function sworn.find_area_few(area polygon, most integer) returns setof uuid
  language sql stable security definer set search_path = pg_catalog
  as $$ select t.evidence_id from sworn.track t
        where t.agency_id = sworn.current_agency() and box(point(t.west, t.south), point(t.east, t.north)) && box(area)
          and polygon(box(point(t.west, t.south), point(t.east, t.north))) && area
        order by t.from_at desc nulls last limit most $$;
create function sworn.find_area_many(area polygon, most integer) returns setof uuid
  language sql stable security definer set search_path = pg_catalog
  set enable_sort = off set enable_bitmapscan = off set enable_seqscan = off
  as $$ select t.evidence_id from sworn.track t
        where t.agency_id = sworn.current_agency() and t.west is not null
          and polygon(box(point(t.west, t.south), point(t.east, t.north))) && area
        order by t.from_at desc nulls last limit most $$;
create function sworn.find_area(area polygon, most integer) returns setof uuid
  language plpgsql stable security definer set search_path = pg_catalog
  as $$
declare near bigint;
begin
  select count(*) into near from (
    select 1 from sworn.track t
    where t.agency_id = sworn.current_agency() and box(point(t.west, t.south), point(t.east, t.north)) && box(area)
    limit 40001) found;
  if near <= 40000 then return query select sworn.find_area_few(area, most);
  else return query select sworn.find_area_many(area, most); end if;
end $$;
revoke execute on function sworn.find_area_few(polygon, integer), sworn.find_area_many(polygon, integer),
  sworn.find_area(polygon, integer) from public;
grant execute on function sworn.find_area(polygon, integer) to sworn_app;

-- Who belongs where, what an item is, how long it is kept, what stops its disposal, and who alone may see it.

-- Boroughs, precincts, watches, teams. A unit is never deleted: items name where they came from.
create table sworn.unit (
  id uuid primary key,
  agency_id uuid not null references sworn.agency,
  name text not null check (length(name) between 1 and 100),
  parent_id uuid references sworn.unit,
  created_at timestamptz not null default now(),
  archived_at timestamptz,
  check (parent_id <> id),
  unique nulls not distinct (agency_id, parent_id, name)
);

-- Items of a class are seen by its members alone, whatever else somebody may see.
create table sworn.restricted_class (
  id uuid primary key,
  agency_id uuid not null references sworn.agency,
  name text not null check (length(name) between 1 and 100),
  -- Shown to whoever may not see: whom to ask.
  contact text not null default '' check (length(contact) <= 200),
  created_at timestamptz not null default now(),
  archived_at timestamptz,
  unique (agency_id, name)
);
create table sworn.restricted_member (
  class_id uuid not null references sworn.restricted_class,
  person_id uuid not null references sworn.person,
  agency_id uuid not null references sworn.agency,
  added_at timestamptz not null default now(),
  primary key (class_id, person_id)
);

-- What kind of evidence an item is. keep_count null: kept without end.
create table sworn.category (
  id uuid primary key,
  agency_id uuid not null references sworn.agency,
  name text not null check (length(name) between 1 and 100),
  keep_count integer check (keep_count between 1 and 36500),
  keep_unit text check (keep_unit in ('day', 'month', 'year')),
  -- An item that gets this category becomes restricted to this class.
  restricted_class_id uuid references sworn.restricted_class,
  created_at timestamptz not null default now(),
  archived_at timestamptz,
  check ((keep_count is null) = (keep_unit is null)),
  unique (agency_id, name)
);

alter table sworn.agency
  add uncategorised_count integer check (uncategorised_count between 1 and 36500),
  add uncategorised_unit text check (uncategorised_unit in ('day', 'month', 'year')),
  add check ((uncategorised_count is null) = (uncategorised_unit is null));

alter table sworn.person add unit_id uuid references sworn.unit;

alter table sworn.evidence
  -- Where its wearer belonged when it was recorded; stays when they move.
  add unit_id uuid references sworn.unit,
  -- How many categories it has; which ones stands in evidence_category.
  add categories integer not null default 0 check (categories between 0 and 20),
  add restricted_class_id uuid references sworn.restricted_class,
  add holds integer not null default 0 check (holds >= 0),
  -- As decideRetention said when it was last asked: for lists. The evidence page asks again.
  add keep_until date,
  add disposable_from timestamptz;

-- A table and not an array: row-level security keeps array operators from using an index, as it does all that might
-- leak what they compare.
create table sworn.evidence_category (
  evidence_id uuid not null references sworn.evidence,
  category_id uuid not null references sworn.category,
  agency_id uuid not null references sworn.agency,
  primary key (evidence_id, category_id)
);
create index evidence_category_by_category on sworn.evidence_category (agency_id, category_id, evidence_id);

-- Who sees an item follows from it: the application sets it once, at the beginning.
create function sworn.refuse_other_unit() returns trigger language plpgsql set search_path = pg_catalog as $$
begin
  raise exception 'an item keeps the unit it was recorded in' using errcode = 'insufficient_privilege';
end $$;
revoke execute on function sworn.refuse_other_unit() from public;
create trigger unit_stays before update of unit_id on sworn.evidence for each row
  when (old.unit_id is distinct from new.unit_id) execute function sworn.refuse_other_unit();
alter table sworn.evidence enable always trigger unit_stays;

-- Stops disposal while it lasts. Several may lie on one item; each ends by itself.
create table sworn.hold (
  id uuid primary key,
  agency_id uuid not null references sworn.agency,
  evidence_id uuid not null references sworn.evidence,
  reason text not null check (length(reason) between 1 and 1000),
  owner_id uuid not null references sworn.person,
  review_on date not null,
  placed_by uuid,
  placed_at timestamptz not null default now(),
  released_by uuid,
  released_at timestamptz,
  release_reason text check (length(release_reason) between 1 and 1000),
  check ((released_at is null) = (release_reason is null))
);
create index hold_open on sworn.hold (evidence_id) where released_at is null;
create index hold_review on sworn.hold (agency_id, review_on) where released_at is null;

-- One for each filter of the library that picks few among many, in the library's order.
create index evidence_by_unit on sworn.evidence (agency_id, unit_id, (coalesce(recorded_at, received_at)) desc, id desc);
create index evidence_by_device on sworn.evidence (agency_id, device_id, (coalesce(recorded_at, received_at)) desc, id desc);
create index evidence_held on sworn.evidence (agency_id, (coalesce(recorded_at, received_at)) desc, id desc) where holds > 0;
create index evidence_restricted on sworn.evidence (agency_id, restricted_class_id, (coalesce(recorded_at, received_at)) desc, id desc)
  where restricted_class_id is not null;
create index evidence_uncategorised on sworn.evidence (agency_id, (coalesce(recorded_at, received_at)) desc, id desc)
  where categories = 0;
create index evidence_by_kind on sworn.evidence (agency_id, kind, (coalesce(recorded_at, received_at)) desc, id desc);
create index evidence_unusual on sworn.evidence (agency_id, state, (coalesce(recorded_at, received_at)) desc, id desc)
  where state <> 'stored';
create index evidence_not_playable on sworn.evidence (agency_id, (coalesce(recorded_at, received_at)) desc, id desc)
  where media_state in ('refused', 'failed');
create index evidence_disposable on sworn.evidence (agency_id, disposable_from) where disposable_from is not null;

-- Row-level security keeps an index of patterns and boxes from being used (they might leak what they compare), so these
-- two questions are asked of owner's functions: ids of the caller's agency alone, which the access predicate then judges.
create schema search; -- not in public: whose names are written with or without it, as the reader's path says
create extension pg_trgm schema search;
create index evidence_text on sworn.evidence using gin ((title || ' ' || coalesce(source_name, '')) search.gin_trgm_ops);
create function sworn.find_text(pattern text, others text[], most integer) returns setof uuid
  language sql stable security definer set search_path = pg_catalog
  as $$ select e.id from sworn.evidence e
        where e.agency_id = sworn.current_agency()
          and (e.title || ' ' || coalesce(e.source_name, '')) ilike pattern
          and (e.title || ' ' || coalesce(e.source_name, '')) ilike all (others)
        order by coalesce(e.recorded_at, e.received_at) desc, e.id desc limit most $$;
create index track_place on sworn.track using gist (box(point(west, south), point(east, north)));
create function sworn.find_place(area box, most integer) returns setof uuid
  language sql stable security definer set search_path = pg_catalog
  as $$ select t.evidence_id from sworn.track t
        where t.agency_id = sworn.current_agency() and box(point(t.west, t.south), point(t.east, t.north)) && area
        order by t.from_at desc nulls last limit most $$;
revoke execute on function sworn.find_text(text, text[], integer), sworn.find_place(box, integer) from public;
grant execute on function sworn.find_text(text, text[], integer), sworn.find_place(box, integer) to sworn_app;

do $$
declare t text;
begin
  foreach t in array array['unit', 'restricted_class', 'restricted_member', 'category', 'evidence_category', 'hold'] loop
    execute format('alter table sworn.%I enable row level security', t);
    execute format('create policy own_agency on sworn.%I using (agency_id = sworn.current_agency()) with check (agency_id = sworn.current_agency())', t);
    execute format('create policy checker_reads_all on sworn.%I for select to sworn_checker using (true)', t);
    execute format('grant select on sworn.%I to sworn_checker', t);
    execute format('grant select, insert on sworn.%I to sworn_app', t);
  end loop;
end $$;
grant update (name, parent_id, archived_at) on sworn.unit to sworn_app;
grant update (name, contact, archived_at) on sworn.restricted_class to sworn_app;
grant delete on sworn.restricted_member, sworn.evidence_category to sworn_app;
grant update (name, keep_count, keep_unit, restricted_class_id, archived_at) on sworn.category to sworn_app;
grant update (uncategorised_count, uncategorised_unit) on sworn.agency to sworn_app;
grant update (unit_id) on sworn.person to sworn_app;
grant update (released_by, released_at, release_reason) on sworn.hold to sworn_app;
-- A hold that ended stays ended: its row cannot be chosen for a change any more.
create policy released_stays on sworn.hold as restrictive for update to sworn_app
  using (released_at is null) with check (true);

-- When an item happened, as a column. An index of the expression coalesce(recorded_at, received_at) gives the order, but under
-- row-level security no range of it: PostgreSQL holds coalesce for able to leak, and reads every item of the agency to find a
-- day (2 to 8 s at ten million). A plain column compares without leaking.
drop index sworn.evidence_by_time, sworn.evidence_by_person, sworn.evidence_by_unit, sworn.evidence_by_device,
  sworn.evidence_held, sworn.evidence_restricted, sworn.evidence_uncategorised, sworn.evidence_by_kind,
  sworn.evidence_unusual, sworn.evidence_not_playable;
-- Made as a generated column, which writes the table once, and then set free.
alter table sworn.evidence
  add happened_at timestamptz not null generated always as (coalesce(recorded_at, received_at)) stored;
alter table sworn.evidence alter happened_at drop expression;
-- By a trigger and not as a generated column: whole rows are copied by restores, which may not name a generated one.
create function sworn.set_happened_at() returns trigger language plpgsql set search_path = pg_catalog as $$
begin
  new.happened_at := coalesce(new.recorded_at, new.received_at);
  return new;
end $$;
revoke execute on function sworn.set_happened_at() from public;
create trigger happened_at_follows before insert or update on sworn.evidence for each row
  execute function sworn.set_happened_at();
alter table sworn.evidence enable always trigger happened_at_follows;

create index evidence_by_time on sworn.evidence (agency_id, happened_at desc, id desc);
create index evidence_by_person on sworn.evidence (agency_id, person_id, happened_at desc, id desc);
create index evidence_by_unit on sworn.evidence (agency_id, unit_id, happened_at desc, id desc);
create index evidence_by_device on sworn.evidence (agency_id, device_id, happened_at desc, id desc);
create index evidence_by_kind on sworn.evidence (agency_id, kind, happened_at desc, id desc);
create index evidence_held on sworn.evidence (agency_id, happened_at desc, id desc) where holds > 0;
create index evidence_restricted on sworn.evidence (agency_id, restricted_class_id, happened_at desc, id desc)
  where restricted_class_id is not null;
create index evidence_uncategorised on sworn.evidence (agency_id, happened_at desc, id desc) where categories = 0;
create index evidence_unusual on sworn.evidence (agency_id, state, happened_at desc, id desc) where state <> 'stored';
create index evidence_not_playable on sworn.evidence (agency_id, happened_at desc, id desc)
  where media_state in ('refused', 'failed');

create or replace function sworn.find_text(pattern text, others text[], most integer) returns setof uuid
  language sql stable security definer set search_path = pg_catalog
  as $$ select e.id from sworn.evidence e
        where e.agency_id = sworn.current_agency()
          and (e.title || ' ' || coalesce(e.source_name, '')) ilike pattern
          and (e.title || ' ' || coalesce(e.source_name, '')) ilike all (others)
        order by e.happened_at desc, e.id desc limit most $$;

-- The very short and the very long are few: found by their length, then put in order.
create index evidence_by_duration on sworn.evidence (agency_id, duration_ms);

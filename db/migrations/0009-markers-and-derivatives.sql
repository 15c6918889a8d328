-- What people note about an item, what was made from it, and what is known of its clock.

-- What stands now. Each state it ever had is a row of marker_version: nothing that was written is lost by a change.
create table sworn.marker (
  id uuid primary key,
  agency_id uuid not null references sworn.agency,
  evidence_id uuid not null references sworn.evidence,
  kind text not null check (kind in ('tag', 'note', 'trigger', 'mute', 'snapshot')),
  -- Both null: about the whole item. Milliseconds of the part's own media time.
  take smallint check (take >= 0),
  from_ms bigint check (from_ms between 0 and 604800000),
  to_ms bigint check (to_ms <= 604800000),
  label text not null default '' check (length(label) <= 100),
  note text not null default '' check (length(note) <= 4000),
  -- A still that was made here.
  derivative_id uuid references sworn.evidence,
  version integer not null default 1 check (version >= 1),
  created_by uuid not null,
  created_at timestamptz not null default now(),
  changed_by uuid,
  changed_at timestamptz,
  removed_by uuid,
  removed_at timestamptz,
  check ((take is null) = (from_ms is null)),
  check (to_ms is null or to_ms > from_ms),
  check ((removed_at is null) = (removed_by is null))
);
create index marker_of_item on sworn.marker (evidence_id, (coalesce(take, -1)), (coalesce(from_ms, -1)), id)
  where removed_at is null;
create index marker_words on sworn.marker using gin ((label || ' ' || note) search.gin_trgm_ops) where removed_at is null;

-- The log commits to the texts by commitment = HMAC-SHA-256(salt, texts): destroying the row leaves nothing to guess at.
create table sworn.marker_version (
  marker_id uuid not null references sworn.marker,
  version integer not null check (version >= 1),
  agency_id uuid not null references sworn.agency,
  kind text not null,
  take smallint,
  from_ms bigint,
  to_ms bigint,
  label text not null,
  note text not null,
  mentions uuid[] not null default '{}' check (cardinality(mentions) <= 20),
  removed boolean not null default false,
  salt bytea not null check (length(salt) = 32),
  commitment bytea not null check (length(commitment) = 32),
  by uuid not null,
  at timestamptz not null,
  primary key (marker_id, version)
);

-- Somebody was named in a note and can see the item. Their inbox lists what they have not seen.
create table sworn.mention (
  marker_id uuid not null references sworn.marker,
  person_id uuid not null references sworn.person,
  agency_id uuid not null references sworn.agency,
  evidence_id uuid not null references sworn.evidence,
  mentioned_by uuid not null,
  mentioned_at timestamptz not null default now(),
  seen_at timestamptz,
  primary key (marker_id, person_id)
);
create index mention_of_person on sworn.mention (agency_id, person_id, mentioned_at desc, marker_id);
create index mention_unseen on sworn.mention (agency_id, person_id, mentioned_at desc, marker_id) where seen_at is null;

-- As find_text (0006), over notes and markers: ids of items, which the access predicate then judges.
create function sworn.find_marked(pattern text, others text[], most integer) returns setof uuid
  language sql stable security definer set search_path = pg_catalog
  as $$ select distinct m.evidence_id from (
          select k.evidence_id from sworn.marker k
          where k.agency_id = sworn.current_agency() and k.removed_at is null
            and (k.label || ' ' || k.note) ilike pattern and (k.label || ' ' || k.note) ilike all (others)
          order by k.created_at desc limit most) m $$;
revoke execute on function sworn.find_marked(text, text[], integer) from public;
grant execute on function sworn.find_marked(text, text[], integer) to sworn_app;

-- An item that was made from another one: what from, which moment or range, by whom and how. Never changes.
create table sworn.derivation (
  evidence_id uuid primary key references sworn.evidence,
  agency_id uuid not null references sworn.agency,
  source_id uuid not null references sworn.evidence,
  kind text not null check (kind in ('snapshot', 'clip')),
  take smallint not null check (take >= 0),
  from_ms bigint not null check (from_ms >= 0),
  to_ms bigint check (to_ms > from_ms),
  source_sha256 bytea not null check (length(source_sha256) = 32),
  how jsonb not null,
  made_by uuid not null,
  made_at timestamptz not null default now(),
  check (evidence_id <> source_id),
  check ((kind = 'clip') = (to_ms is not null))
);
create index derivation_by_source on sworn.derivation (source_id, made_at, evidence_id);

-- Asked for, under way, or how it ended. The id becomes that of the derivative: a second try makes no second item.
create table sworn.rendering (
  id uuid primary key,
  agency_id uuid not null references sworn.agency,
  source_id uuid not null references sworn.evidence,
  kind text not null check (kind in ('snapshot', 'clip')),
  take smallint not null check (take >= 0),
  from_ms bigint not null check (from_ms >= 0),
  to_ms bigint check (to_ms > from_ms),
  title text not null check (length(title) between 1 and 200),
  state text not null check (state in ('waiting', 'running', 'done', 'failed', 'cancelled')),
  permille smallint not null default 0 check (permille between 0 and 1000),
  code text,
  detail text,
  asked_by uuid not null,
  person_id uuid references sworn.person,
  asked_at timestamptz not null default now(),
  ended_at timestamptz,
  check ((kind = 'clip') = (to_ms is not null))
);
create index rendering_by_source on sworn.rendering (source_id, asked_at desc, id);

-- The key of a derivative that never came to be.
create function sworn.drop_unused_key(rendering uuid) returns void
  language sql security definer set search_path = pg_catalog
  as $$ delete from sworn.evidence_key k using sworn.rendering r
        where r.id = rendering and k.evidence_id = r.id and r.agency_id = sworn.current_agency()
          and r.state in ('failed', 'cancelled') and not exists (select from sworn.evidence e where e.id = r.id) $$;
revoke execute on function sworn.drop_unused_key(uuid) from public;
grant execute on function sworn.drop_unused_key(uuid) to sworn_app;

-- Who does not see the original must not see what was made from it. Judged at commit: both change in one transaction.
create function sworn.assert_derivatives_follow() returns trigger
  language plpgsql security definer set search_path = pg_catalog as $$
declare
  item uuid := (to_jsonb(new) ->> case tg_table_name when 'derivation' then 'evidence_id' else 'id' end)::uuid;
begin
  if exists (
    select from sworn.derivation d
    join sworn.evidence s on s.id = d.source_id join sworn.evidence v on v.id = d.evidence_id
    where (d.source_id = item or d.evidence_id = item)
      and s.restricted_class_id is not null and v.restricted_class_id is distinct from s.restricted_class_id)
  then
    raise exception 'what was made from a restricted item belongs to the same class' using errcode = 'insufficient_privilege';
  end if;
  return null;
end $$;
revoke execute on function sworn.assert_derivatives_follow() from public;
create constraint trigger derivatives_follow after update on sworn.evidence
  deferrable initially deferred for each row
  when (old.restricted_class_id is distinct from new.restricted_class_id) execute function sworn.assert_derivatives_follow();
create constraint trigger derivative_follows after insert on sworn.derivation
  deferrable initially deferred for each row execute function sworn.assert_derivatives_follow();
alter table sworn.evidence enable always trigger derivatives_follow;
alter table sworn.derivation enable always trigger derivative_follows;

-- Whose item it is decides who sees it: what was made from it is the same person's.
create function sworn.derivatives_same_person() returns trigger
  language plpgsql security definer set search_path = pg_catalog as $$
begin
  update sworn.evidence v set person_id = new.person_id from sworn.derivation d
  where d.source_id = new.id and v.id = d.evidence_id and v.person_id is distinct from new.person_id;
  return null;
end $$;
revoke execute on function sworn.derivatives_same_person() from public;
create trigger derivatives_same_person after update on sworn.evidence for each row
  when (old.person_id is distinct from new.person_id) execute function sworn.derivatives_same_person();
alter table sworn.evidence enable always trigger derivatives_same_person;

-- recorded_at is the effective time; what the source said is recorded_at minus this.
alter table sworn.evidence add time_offset_ms bigint not null default 0
  check (time_offset_ms between -3200000000000 and 3200000000000);
-- Each says by how much the source's clock was off; the last one holds, and none is ever changed.
create table sworn.time_correction (
  id uuid primary key,
  agency_id uuid not null references sworn.agency,
  evidence_id uuid not null references sworn.evidence,
  n integer not null check (n >= 1),
  -- As the source said.
  source_at timestamptz not null,
  offset_ms bigint not null,
  uncertainty_ms integer check (uncertainty_ms >= 0),
  reason text not null check (length(reason) between 1 and 1000),
  corrected_by uuid not null,
  corrected_at timestamptz not null default now(),
  unique (evidence_id, n)
);

create function sworn.refuse_history_change() returns trigger language plpgsql set search_path = pg_catalog as $$
begin
  raise exception 'sworn.%: % is refused, rows are only added', tg_table_name, tg_op using errcode = 'restrict_violation';
end $$;
revoke execute on function sworn.refuse_history_change() from public;

do $$
declare t text;
begin
  foreach t in array array['marker', 'marker_version', 'mention', 'derivation', 'rendering', 'time_correction'] loop
    execute format('alter table sworn.%I enable row level security', t);
    execute format('create policy own_agency on sworn.%I using (agency_id = sworn.current_agency()) with check (agency_id = sworn.current_agency())', t);
    execute format('create policy checker_reads_all on sworn.%I for select to sworn_checker using (true)', t);
    execute format('grant select on sworn.%I to sworn_checker', t);
    execute format('grant select, insert on sworn.%I to sworn_app', t);
  end loop;
  foreach t in array array['marker_version', 'derivation', 'time_correction'] loop
    execute format('create trigger append_only before update or delete on sworn.%I for each row execute function sworn.refuse_history_change()', t);
    execute format('create trigger append_only_truncate before truncate on sworn.%I for each statement execute function sworn.refuse_history_change()', t);
    execute format('alter table sworn.%I enable always trigger append_only', t);
    execute format('alter table sworn.%I enable always trigger append_only_truncate', t);
  end loop;
end $$;
grant update (kind, take, from_ms, to_ms, label, note, version, changed_by, changed_at, removed_by, removed_at)
  on sworn.marker to sworn_app;
grant update (seen_at), delete on sworn.mention to sworn_app;
grant update (state, permille, code, detail, ended_at) on sworn.rendering to sworn_app;

-- Roles, leaving and coming back, a camera that is lost: changed by the application, and never without an entry.
grant update (roles, disabled_at) on sworn.person to sworn_app;
grant update (revoked_at) on sworn.device to sworn_app;

-- A camera that was revoked stays so, like a key (I11).
create policy revoked_stays on sworn.device as restrictive for update to sworn_app
  using (revoked_at is null) with check (true);

-- What a person may do changes only together with the entry that says so: a stolen login of the application can make
-- such a change, but none that the log does not show. Judged at commit, since the entry comes after the change.
create function sworn.assert_person_logged() returns trigger language plpgsql security definer set search_path = pg_catalog as $$
begin
  if new.roles is distinct from old.roles and not exists (
    select from custody.entry e where e.subject_kind = 'person' and e.subject_id = new.id
       and e.kind = 'person.role-changed' and e.xmin = pg_current_xact_id()::xid)
  or (new.disabled_at is null) is distinct from (old.disabled_at is null) and not exists (
    select from custody.entry e where e.subject_kind = 'person' and e.subject_id = new.id
       and e.kind = case when new.disabled_at is null then 'person.enabled' else 'person.disabled' end
       and e.xmin = pg_current_xact_id()::xid)
  then
    raise exception 'a change of what a person may do needs its entry in the log' using errcode = 'insufficient_privilege';
  end if;
  return null;
end $$;
revoke execute on function sworn.assert_person_logged() from public, sworn_app, sworn_checker;
create constraint trigger changed_with_entry after update on sworn.person
  deferrable initially deferred for each row when (current_user = 'sworn_app') execute function sworn.assert_person_logged();
alter table sworn.person enable always trigger changed_with_entry;

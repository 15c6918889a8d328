-- Who may do what. The roles are created by the server before migrations run.
grant usage on schema sworn, custody to sworn_app, sworn_checker;
grant usage on schema custody to sworn_sequencer;
grant usage, create on schema auth to sworn_auth;

grant select, insert, update on all tables in schema sworn to sworn_app;
revoke insert, update on sworn.deployment, sworn.api_key, sworn.span, sworn.evidence_key from sworn_app;
grant update (recovery_sheet_at) on sworn.deployment to sworn_app;
grant insert on sworn.api_key, sworn.span, sworn.evidence_key to sworn_app;
grant update (revoked_at, last_used_at) on sworn.api_key to sworn_app;
-- Fixes of a take move into its track file.
grant delete on sworn.take_fix to sworn_app;
grant execute on all functions in schema sworn to sworn_app, sworn_checker;

grant select, insert on custody.entry, custody.event_body, custody.pending to sworn_app;
grant select on custody.leaf, custody.node, custody.checkpoint to sworn_app;

grant select, delete on custody.pending to sworn_sequencer;
grant select, insert on custody.leaf, custody.node, custody.checkpoint to sworn_sequencer;

grant select on all tables in schema sworn, custody to sworn_checker;
do $$
declare t record;
begin
  -- The checker reads every agency.
  for t in select schemaname, tablename from pg_policies where policyname = 'own_agency' loop
    execute format('create policy checker_reads_all on %I.%I for select to sworn_checker using (true)', t.schemaname, t.tablename);
  end loop;
end $$;
revoke execute on all functions in schema sworn, custody from public;
grant execute on function sworn.current_agency() to sworn_app, sworn_checker, sworn_sequencer;
-- The checker reads; this one removes.
revoke execute on function sworn.release_duplicate(uuid) from sworn_checker;

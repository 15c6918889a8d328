-- What was answered to a request with an Idempotency-Key, for a day: a client that lost the answer asks again and gets it,
-- instead of doing the thing twice. No custody meaning: nothing here says what happened to evidence.
create table sworn.kept_answer (
  agency_id uuid not null references sworn.agency,
  actor_id uuid not null,
  key text not null check (length(key) between 1 and 200),
  -- Of method, address and body: another request under the same key is a mistake, not a repetition.
  request_sha256 bytea not null check (length(request_sha256) = 32),
  begun_at timestamptz not null default now(),
  -- Null while it is carried out, and for ever where it broke off.
  status smallint check (status between 200 and 299),
  body text check (octet_length(body) <= 1048576),
  primary key (agency_id, actor_id, key)
);
create index kept_answer_old on sworn.kept_answer (agency_id, begun_at);
alter table sworn.kept_answer enable row level security;
create policy own_agency on sworn.kept_answer
  using (agency_id = sworn.current_agency()) with check (agency_id = sworn.current_agency());
grant select, insert, delete on sworn.kept_answer to sworn_app;
grant update (status, body) on sworn.kept_answer to sworn_app;
create policy checker_reads_all on sworn.kept_answer for select to sworn_checker using (true);
grant select on sworn.kept_answer to sworn_checker;

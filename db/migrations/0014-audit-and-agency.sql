-- Who saw, changed and exported what, newest first: of an agency, of somebody, of a kind. Items have their own chain.
drop index custody.entry_by_time;
create index entry_by_time on custody.entry (agency_id, at desc, n desc, id desc);
create index entry_by_actor on custody.entry (agency_id, actor_id, at desc, n desc, id desc);
create index entry_by_kind on custody.entry (agency_id, kind, at desc, n desc, id desc);

-- How much came in lately: when the disk will be full.
create index span_by_time on sworn.span (agency_id, created_at) include (sealed_size);

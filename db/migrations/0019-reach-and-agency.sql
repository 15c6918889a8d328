-- Whose link an invitation is, what an answer given again showed.

-- Who made the link that opens now: with their right to invite, it falls.
alter table sworn.invitation add link_by uuid;
update sworn.invitation set link_by = invited_by;
grant update (link_by) on sworn.invitation to sworn_app;

-- Items, incidents and cases that the asker was shown then: one that is hidden from them since is not shown by repetition.
delete from sworn.kept_answer;
alter table sworn.kept_answer add shown uuid[] not null default '{}';
grant update (shown) on sworn.kept_answer to sworn_app;

-- What somebody is told to do, where they left the library, and captions beside a picture.

-- Asked for each time somebody begins, and once a minute after that.
create index task_of_owner on sworn.matter_task (owner_id, due_on) where done_at is null and owner_id is not null;
create index share_of_maker on sworn.share (agency_id, made_by, expires_at) where revoked_at is null;

-- The library as somebody left it: it is offered where they begin again, on whatever machine. Theirs alone, no event.
alter table sworn.person add left_library jsonb
  check (jsonb_typeof(left_library) = 'object' and length(left_library::text) <= 8000);
grant update (left_library) on sworn.person to sworn_app;

-- Captions: taken out of the original by a job, or brought by somebody. One set of a part holds, the newest.
alter table sworn.file drop constraint file_role_check;
alter table sworn.file add constraint file_role_check
  check (role in ('original', 'poster', 'track', 'storyboard', 'waveform', 'captions'));

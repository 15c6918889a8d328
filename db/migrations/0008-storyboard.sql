-- Pictures and loudness over the time of a recording, one of each per part.

alter table sworn.file drop constraint file_role_check;
alter table sworn.file add constraint file_role_check
  check (role in ('original', 'poster', 'track', 'storyboard', 'waveform'));

-- Two workers that make the same one at the same time leave one.
create unique index file_strip on sworn.file (evidence_id, take, role) where role in ('storyboard', 'waveform');

-- What a stolen login of the application must not be able to do, though it may add rows of any agency.

-- People, agencies, cameras and tracks are added and read; nothing changes them yet. Whoever first needs to grants the column.
revoke update on sworn.agency, sworn.person, sworn.device, sworn.track, sworn.take_fix from sworn_app;

-- A key that was revoked stays so: its row cannot be chosen for a change any more (I11).
create policy revoked_stays on sworn.api_key as restrictive for update to sworn_app
  using (revoked_at is null) with check (true);

-- A commitment of another length has no leaf hash: one such row would stop the log for everybody.
alter table custody.pending add check (length(commitment) = 32);
alter table custody.leaf add check (length(commitment) = 32);

-- A supervisor's items are read unit by unit and merged in order. Few of a unit's items are of these two filters, or none:
-- without an index each its whole unit is read to find that out (0.2 s at a million items, seconds at ten).
create index evidence_uncategorised_by_unit on sworn.evidence (agency_id, unit_id, happened_at desc, id desc)
  where categories = 0;
create index evidence_other_kinds_by_unit on sworn.evidence (agency_id, unit_id, kind, happened_at desc, id desc)
  where kind <> 'video';

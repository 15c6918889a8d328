import { z } from "zod";

/** Kinds of entries of the custody log. Closed: an unknown kind is refused at append. */
export const eventKinds = [
  "log.started",
  "log.heartbeat",
  "agency.created",
  "person.created",
  "person.role-changed",
  "person.unit-changed",
  "person.badge-changed",
  "person.disabled",
  "person.enabled",
  "person.password-reset", // by an admin; its sessions ended
  "person.invited", // the agency's event: there is no person yet
  "invitation.renewed",
  "invitation.revoked",
  "person.signed-in",
  "person.notice-accepted",
  "person.password-changed", // by themselves
  "person.locked-out",
  "person.unlocked",
  "person.factor-added",
  "person.factor-removed",
  "person.factors-reset", // by an admin, with a reason
  "person.sessions-ended", // by themselves
  "sign-in.policy-changed",
  "delegation.made", // one person's reach, lent to another; said of both
  "delegation.ended",
  "key.created",
  "key.revoked",
  "device.enrolled",
  "device.revoked",
  "recovery.sheet-made",
  "unit.created",
  "unit.changed",
  "category.created",
  "category.changed",
  "class.created",
  "class.changed", // its members, too
  "upload.created",
  "upload.incomplete",
  "upload.cancelled",
  "recording.opened",
  "take.opened",
  "take.root", // the promise kept: fragments 0..n are stored under this root
  "take.interrupted",
  "recording.closed",
  "fragment.conflict", // other bytes under a number already received
  "evidence.stored",
  "evidence.received-again",
  "evidence.incomplete",
  "evidence.probed",
  "evidence.previewed", // its storyboard: still pictures over the whole length
  "evidence.viewed",
  "evidence.notes-read", // what people noted on it: its notes, or lines of them that a search found
  "evidence.downloaded",
  "evidence.custody-read",
  "evidence.categorised",
  "evidence.restricted", // also lifted: the details name the class before and after
  "hold.placed",
  "hold.released",
  "marker.added",
  "marker.changed", // also: a removal taken back
  "marker.removed",
  // an incident or a case: its facts, its papers, and what belongs to it (said on the item, too)
  "incident.created",
  "incident.changed",
  "incident.evidence-added",
  "incident.evidence-removed",
  "incident.noted",
  "incident.task",
  "incident.viewed",
  "case.created",
  "case.changed",
  "case.evidence-added",
  "case.evidence-removed",
  "case.incident-added", // said on the incident, too
  "case.incident-removed",
  "case.noted",
  "case.task",
  "case.viewed",
  // a call of dispatch: what it says (both states by their hash), what shows it (said on the item, too)
  "call.received",
  "call.changed",
  "call.evidence-accepted",
  "call.evidence-refused",
  "call.evidence-undecided", // what somebody had said of it was taken back
  "call.settled", // no footage is expected of somebody, with the reason
  "call.unsettled",
  "call.linked", // to an incident
  "call.viewed",
  "import.done", // a table of calls, shifts or people: the agency's event
  "share.made",
  "share.revoked",
  "device.assigned", // to whom, from when until when
  "device.assignment-changed",
  "evidence.wearer-changed",
  "statement.locked", // those involved watch nothing of the incident before their statement
  "statement.recorded",
  "statement.unlocked",
  "derivative.stored",
  "derivative.made", // an item of its own, made from this one: a still, a clip
  "evidence.captions-added", // text beside the picture: taken out of the file, or brought by somebody
  "evidence.time-corrected",
  "track.stored",
  // an auditor's own looking, with the filters
  "audit.searched",
  "audit.exported",
  "job.retried",
] as const;
export const EventKind = z.enum(eventKinds);
export type EventKind = z.infer<typeof EventKind>;

/**
 * Kinds that only the side they belong to reads: what the defence watches is sealed from agency and prosecution, and the
 * other way round. Everybody else sees that there is an entry, its number, commitment and proof.
 */
export const sealedKinds: readonly EventKind[] = [
  "evidence.previewed",
  "evidence.viewed",
  "evidence.notes-read",
  "evidence.downloaded",
  "evidence.custody-read",
  "share.made",
  "share.revoked",
];

export const subjectKinds = ["evidence", "incident", "case", "call", "person", "device", "agency", "log"] as const;
export const SubjectKind = z.enum(subjectKinds);
export type SubjectKind = z.infer<typeof SubjectKind>;

import type { EventKind } from "@sworn/contract";
import type { CustodyEvent, JsonValue } from "@sworn/core";

type Say = (who: string, event: CustodyEvent) => string;

/** What people read of an event, in English; facts come from the event alone, the name from outside the log. */
const sentences: Readonly<Record<EventKind, Say>> = {
  "log.started": () => "The log of this deployment was started.",
  "log.heartbeat": () => "The log was idle and signed a sign of life.",
  "agency.created": (who) => `${who} set up the agency.`,
  "person.created": (who, event) => `${who} added a person${as(text(event, "roles"), " with the role ")}.`,
  "person.role-changed": (who, event) => `${who} changed a person's roles${as(text(event, "roles"), " to ")}.`,
  "person.unit-changed": (who, event) => {
    const unit = text(event, "unit");
    return unit === null ? `${who} took a person out of their unit.` : `${who} moved a person to the unit ${unit}.`;
  },
  "person.badge-changed": (who, event) => {
    const badge = text(event, "badge");
    return badge === null ? `${who} took a person's badge number away.` : `${who} gave a person the badge ${badge}.`;
  },
  "person.disabled": (who) => `${who} disabled a person's sign-in.`,
  "person.enabled": (who) => `${who} enabled a person's sign-in again.`,
  "person.password-reset": (who) => `${who} set a new password for a person.`,
  "person.invited": (who, event) => `${who} invited a person${as(text(event, "roles"), " with the role ")}.`,
  "invitation.renewed": (who) => `${who} made a new link for an invitation.`,
  "invitation.revoked": (who) => `${who} withdrew an invitation.`,
  "person.signed-in": (who, event) => `${who} signed in${as(text(event, "method"), " with ")}.`,
  "person.notice-accepted": (who) => `${who} accepted the notice for users of this system.`,
  "person.password-changed": (who) => `${who} chose a new password; their other sessions ended.`,
  "person.locked-out": () => "A person was locked out after too many wrong tries.",
  "person.unlocked": (who) => `${who} ended a lock-out.`,
  "person.factor-added": (who, event) => `${who} added a way to sign in${as(text(event, "factor"), ": ")}.`,
  "person.factor-removed": (who, event) => `${who} removed a way to sign in${as(text(event, "factor"), ": ")}.`,
  "person.factors-reset": (who, event) => `${who} removed a person's second factors${as(event.reason, ": ")}.`,
  "person.sessions-ended": (who) => `${who} ended sessions of their own.`,
  "sign-in.policy-changed": (who) => `${who} changed what a sign-in needs.`,
  "delegation.made": (who, event) =>
    `${who} lent their reach as ${text(event, "roles")?.replaceAll(" ", ", ") ?? ""} until ${text(event, "until")?.slice(0, 10) ?? ""}${as(event.reason, ": ")}.`,
  "delegation.ended": (who, event) => `${who} ended a loan of reach early${as(event.reason, ": ")}.`,
  "key.created": (who, event) => `${who} made a key${as(text(event, "role"), " for the role ")}.`,
  "key.revoked": (who) => `${who} revoked a key.`,
  "device.enrolled": (who) => `${who} enrolled the camera.`,
  "device.revoked": (who) => `${who} revoked the camera.`,
  "recovery.sheet-made": (who, event) =>
    `${who} ${text(event, "step") === "kept" ? "said that the recovery sheet is kept" : "made the recovery sheet"}.`,
  "unit.created": (who, event) => `${who} added the unit ${text(event, "name") ?? ""}.`,
  "unit.changed": (who, event) => `${who} changed the unit ${text(event, "name") ?? ""}.`,
  "category.created": (who, event) =>
    `${who} added the category ${text(event, "name") ?? ""}${as(text(event, "keep"), ", kept ")}.`,
  "category.changed": (who, event) =>
    `${who} changed ${text(event, "name") ?? "the rule for uncategorised items"}${as(text(event, "keep"), ": kept ")}.`,
  "class.created": (who, event) => `${who} added the restricted class ${text(event, "name") ?? ""}.`,
  "class.changed": (who, event) => {
    const members = (text(event, "added") ?? text(event, "removed")) !== null;
    return `${who} changed ${members ? "who belongs to " : ""}the restricted class ${text(event, "name") ?? ""}.`;
  },
  "upload.created": (who, event) => `${who} began to upload a file${as(bytes(event, "length"), " of ")}.`,
  "upload.incomplete": (_, event) =>
    `The upload ended unfinished; ${bytes(event, "received") ?? "what arrived"} is kept for a custodian to decide on.`,
  "upload.cancelled": (who) => `${who} cancelled the upload.`,
  "recording.opened": (who, event) => `${who} began to record${as(event.reason, ", started by ")}.`,
  "take.opened": (_, event) => `${part(event)} began.`,
  // The camera counts from 0; people count what there is.
  "take.root": (_, event) => {
    const last = number(event, "n");
    return `The first ${last === null ? "" : `${last + 1} `}pieces of ${part(event).toLowerCase()} were stored and logged.`;
  },
  "take.interrupted": (_, event) => `${part(event)} ended without the camera's closing; all that arrived is kept.`,
  "recording.closed": (who, event) =>
    `${who} ended the recording${as(event.reason?.replaceAll("-", " ") ?? null, ": ")}.`,
  "fragment.conflict": (who, event) => {
    const n = number(event, "n");
    const which = n === null ? "a piece" : n < 0 ? "the beginning" : `piece ${n + 1}`;
    return `${who} sent other bytes for ${which}, which was already received; the first are kept.`;
  },
  "evidence.stored": (_, event) => `The item was stored, read back and matched${as(bytes(event, "size"), ": ")}.`,
  "evidence.received-again": (who) => `${who} sent the same bytes again; they were recognised as this item.`,
  "evidence.incomplete": () => "What arrived was kept as an incomplete item.",
  "evidence.probed": () => "The format of the file was read.",
  "evidence.previewed": (who) => `${who} looked at the item's storyboard.`,
  "evidence.viewed": (who) => `${who} viewed the item.`,
  "evidence.notes-read": (who, event) =>
    text(event, "by") === "search"
      ? `${who} read lines of the item's notes that a search found.`
      : `${who} read the item's notes.`,
  "evidence.downloaded": (who) => `${who} downloaded the original.`,
  "evidence.custody-read": (who) => `${who} read this history.`,
  "evidence.categorised": (who, event) => {
    const names = list(event, "categories");
    return names.length === 0
      ? `${who} took away the item's categories.`
      : `${who} put the item into ${names.join(", ")}.`;
  },
  "evidence.restricted": (who, event) =>
    text(event, "class") === null ? `${who} lifted the restriction.` : `${who} restricted who may see the item.`,
  "hold.placed": (who, event) => `${who} placed a hold${as(event.reason, ": ")}.`,
  "hold.released": (who, event) => `${who} released a hold${as(event.reason, ": ")}.`,
  "marker.added": (who, event) => `${who} added a ${text(event, "marking") ?? "marker"}${moment(event)}.`,
  "marker.changed": (who, event) =>
    text(event, "restored") === null
      ? `${who} changed a ${text(event, "marking") ?? "marker"}${moment(event)}.`
      : `${who} took back the removal of a ${text(event, "marking") ?? "marker"}${moment(event)}.`,
  "marker.removed": (who, event) => `${who} removed a ${text(event, "marking") ?? "marker"}${moment(event)}.`,
  "derivative.made": (who, event) =>
    text(event, "made") === "clip"
      ? `${who} made a clip${moment(event)}; it is an item of its own.`
      : `${who} made a still${moment(event)}; it is an item of its own.`,
  "evidence.time-corrected": (who, event) => {
    const offset = number(event, "offsetMs");
    if (offset === 0) return `${who} took back the correction of the item's time${as(event.reason, ": ")}.`;
    return `${who} corrected the item's time${offset === null ? "" : ` by ${spokenOffset(offset)}`}${as(event.reason, ": ")}.`;
  },
  "incident.created": (who, event) => `${who} opened the incident${as(text(event, "number"), " ")}.`,
  "incident.changed": (who, event) =>
    `${who} changed what the incident says${as(text(event, "state"), "; it is now ")}.`,
  "incident.evidence-added": (who, event) =>
    event.subject.kind === "incident"
      ? `${who} added an item to the incident${event.details?.["opens"] === "no" ? " by its number, without seeing it" : ""}.`
      : `${who} added the item to the incident${as(text(event, "number"), " ")}.`,
  "incident.evidence-removed": (who, event) =>
    event.subject.kind === "incident"
      ? `${who} took an item out of the incident.`
      : `${who} took the item out of the incident${as(text(event, "number"), " ")}.`,
  "incident.noted": (who) => `${who} wrote a note on the incident.`,
  "incident.task": (who, event) => `${who} ${taskVerb(event)} a task of the incident.`,
  "incident.viewed": (who) => `${who} read the incident.`,
  "case.created": (who, event) => `${who} opened the case${as(text(event, "number"), " ")}.`,
  "case.changed": (who, event) => `${who} changed what the case says${as(text(event, "state"), "; it is now ")}.`,
  "case.evidence-added": (who, event) =>
    event.subject.kind === "case"
      ? `${who} added an item to the case.`
      : `${who} added the item to the case${as(text(event, "number"), " ")}.`,
  "case.evidence-removed": (who, event) =>
    event.subject.kind === "case"
      ? `${who} took an item out of the case.`
      : `${who} took the item out of the case${as(text(event, "number"), " ")}.`,
  "case.incident-added": (who, event) =>
    event.subject.kind === "case"
      ? `${who} added an incident to the case.`
      : `${who} added the incident to the case${as(text(event, "number"), " ")}.`,
  "case.incident-removed": (who, event) =>
    event.subject.kind === "case"
      ? `${who} took an incident out of the case.`
      : `${who} took the incident out of the case${as(text(event, "number"), " ")}.`,
  "case.noted": (who) => `${who} wrote a note on the case.`,
  "case.task": (who, event) => `${who} ${taskVerb(event)} a task of the case.`,
  "case.viewed": (who) => `${who} read the case.`,
  "call.received": (who, event) => `${who} brought in the call${as(text(event, "number"), " ")}.`,
  "call.changed": (who, event) =>
    `${who} brought in the call${as(text(event, "number"), " ")} anew${as(text(event, "changed"), ", with another ")}.`,
  "call.evidence-accepted": (who, event) =>
    event.subject.kind === "call"
      ? `${who} said that an item shows the call.`
      : `${who} said that the item shows the call${as(text(event, "number"), " ")}.`,
  "call.evidence-refused": (who, event) =>
    event.subject.kind === "call"
      ? `${who} said that an item does not show the call.`
      : `${who} said that the item does not show the call${as(text(event, "number"), " ")}.`,
  "call.evidence-undecided": (who, event) =>
    event.subject.kind === "call"
      ? `${who} took back what was said of an item and the call.`
      : `${who} took back what was said of the item and the call${as(text(event, "number"), " ")}.`,
  "call.settled": (who, event) => `${who} said that no footage is expected${as(event.reason, ": ")}.`,
  "call.unsettled": (who) => `${who} said that footage is expected after all.`,
  "call.linked": (who, event) => `${who} joined the call to the incident${as(text(event, "number"), " ")}.`,
  "call.viewed": (who) => `${who} read the call.`,
  "import.done": (who, event) => {
    const [added, changed] = [number(event, "added") ?? 0, number(event, "changed") ?? 0];
    return `${who} brought in a table of ${text(event, "of") ?? "rows"}: ${added} new, ${changed} changed.`;
  },
  "share.made": (who, event) => {
    const until = text(event, "expiresAt")?.slice(0, 10) ?? "";
    const keep = text(event, "mayDownload") === "yes" ? ", to keep" : "";
    return `${who} shared the item with ${outside(event)} until ${until}${keep}${as(event.reason, ": ")}.`;
  },
  "share.revoked": (who, event) => `${who} ended a share${as(event.reason, ": ")}.`,
  "device.assigned": (who) => `${who} checked the camera out to somebody.`,
  "device.assignment-changed": (who, event) =>
    text(event, "withdrawn") === "yes"
      ? `${who} withdrew an assignment of the camera.`
      : `${who} changed who wore the camera when${as(text(event, "to")?.slice(0, 16).replace("T", " ") ?? null, ", until ")}.`,
  "evidence.wearer-changed": (who) => `${who} corrected who wore the camera; the item is theirs now.`,
  "statement.locked": (who, event) =>
    `${who} locked ${event.subject.kind === "incident" ? "the incident's footage" : "the item"} for those involved until their statements are recorded${as(event.reason, ": ")}.`,
  "statement.recorded": (who) => `${who} recorded that a statement was taken.`,
  "statement.unlocked": (who, event) =>
    `${who} ended the lock for one person${text(event, "mistake") === "yes" ? ", as a mistake" : ""}${as(event.reason, ": ")}.`,
  "derivative.stored": (_, event) => `A ${text(event, "role") ?? "derivative"} was made from the original.`,
  "evidence.captions-added": (who, event) =>
    text(event, "by") === "person"
      ? `${who} brought captions (${number(event, "cues") ?? "some"} lines).`
      : `Captions were taken out of the original (${number(event, "cues") ?? "some"} lines).`,
  "track.stored": (_, event) => `The GPS track${as(text(event, "source"), " from ")} was stored.`,
  "job.retried": (who, event) => {
    const count = number(event, "count");
    return `${who} had ${count === 1 ? "one failed job" : `${count ?? "some"} failed jobs`} tried again.`;
  },
  "audit.searched": (who, event) => `${who} searched the audit${as(text(event, "asked"), ": ")}.`,
  "audit.exported": (who, event) =>
    `${who} exported the audit as ${text(event, "format") ?? "a file"}${as(text(event, "asked"), ": ")}.`,
};

/** One sentence about an event. `name` is the actor's, or null where nobody knows it any more. */
export function sentenceOf(event: CustodyEvent, name: string | null): string {
  const who = event.actor.kind === "service" && name === null ? "The server" : (name ?? anonymous(event.actor.kind));
  return (sentences[event.kind as EventKind] as Say | undefined)?.(who, event) ?? `${who}: ${event.kind}.`;
}

function anonymous(kind: CustodyEvent["actor"]["kind"]): string {
  return kind === "device" ? "A camera" : kind === "service" ? "A program" : "Somebody";
}

const as = (value: string | null, before: string): string => (value === null ? "" : `${before}${value}`);

function taskVerb(event: CustodyEvent): string {
  const what = text(event, "what");
  return what === "set" ? "set" : what === "done" ? "finished" : what === "reopened" ? "reopened" : "changed";
}

function detail(event: CustodyEvent, name: string): JsonValue | undefined {
  return event.details?.[name];
}

function text(event: CustodyEvent, name: string): string | null {
  const value = detail(event, name);
  return typeof value === "string" && value !== "" ? value : null;
}

/** " at 1:05.200", " from 1:05.200 to 1:10.000", with the part where it is not the first; nothing where it has no place. */
function moment(event: CustodyEvent): string {
  const [from, to, take] = [number(event, "fromMs"), number(event, "toMs"), number(event, "take")];
  if (from === null) return "";
  const where = take === null || take === 0 ? "" : ` of part ${take + 1}`;
  return to === null ? ` at ${clock(from)}${where}` : ` from ${clock(from)} to ${clock(to)}${where}`;
}

function clock(ms: number): string {
  const seconds = Math.floor(ms / 1000);
  const [h, m, s] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  const two = (value: number): string => String(value).padStart(2, "0");
  return `${h === 0 ? m : `${h}:${two(m)}`}:${two(s)}.${String(ms % 1000).padStart(3, "0")}`;
}

function spokenOffset(ms: number): string {
  return `${ms < 0 ? "−" : "+"}${(Math.abs(ms) / 1000).toFixed(3)} s`;
}

/** How many people; their names stay out of the log. */
function outside(event: CustodyEvent): string {
  const people = detail(event, "people");
  const count = Array.isArray(people) ? people.length : 0;
  return count === 1 ? "a person outside" : `${count} people outside`;
}

/** Names of what a detail lists. */
function list(event: CustodyEvent, name: string): string[] {
  const value = detail(event, name);
  if (!Array.isArray(value)) return [];
  return value.flatMap((each) =>
    typeof each === "object" && each !== null && "name" in each && typeof each["name"] === "string"
      ? [each["name"]]
      : [],
  );
}

function number(event: CustodyEvent, name: string): number | null {
  const value = detail(event, name);
  return typeof value === "number" ? value : null;
}

function bytes(event: CustodyEvent, name: string): string | null {
  const value = number(event, name);
  if (value === null) return null;
  const units = ["bytes", "kB", "MB", "GB", "TB"];
  const power = Math.min(units.length - 1, Math.floor(Math.log10(Math.max(value, 1)) / 3));
  const scaled = value / 1000 ** power;
  return `${power === 0 ? scaled : scaled.toFixed(1)} ${units[power] ?? ""}`;
}

/** People count from one, takes from zero. */
function part(event: CustodyEvent): string {
  const take = number(event, "take");
  return take === null ? "A part" : `Part ${take + 1}`;
}

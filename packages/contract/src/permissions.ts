import { z } from "zod";

/** What a role may do. A route names exactly one; nothing is allowed that is not named. */
export const permissions = [
  "evidence.list", // see that an item exists, its facts and its poster
  "evidence.view", // play, download, see the path
  "evidence.custody", // read its history and proofs
  "evidence.classify", // say what an item is
  "evidence.restrict", // give an item to a restricted class, or take it back
  "marker.read", // notes are the agency's own: outsiders to whom an item is shared do not read them
  "marker.write", // tags and notes: one's own; a supervisor or custodian changes others' as well
  "derivative.create", // a still or a clip: an item of its own
  "time.correct",
  "hold.manage",
  "incident.list",
  "incident.add", // make one, give it items, note, set tasks
  "incident.manage", // change what it says, take items away, close it
  "call.list",
  "call.import", // bring in the calls of dispatch
  "call.match", // say which footage shows a call
  "shift.manage", // say who wears which camera when
  "statement.lock", // keep those involved from watching before their statement
  "case.list",
  "case.manage",
  "view.share", // give a view of the library to one's unit, or to the agency
  "share.list", // who outside sees what
  "share.make",
  "share.revoke",
  "upload.create",
  "recording.send", // cameras
  "recording.read",
  "device.manage",
  "person.manage",
  "unit.manage",
  "category.manage",
  "class.list", // which restricted classes there are, and who belongs to them
  "class.manage", // restricted classes and their members
  "key.manage",
  "audit.read", // who saw, changed and exported what, in the whole agency
  "reach.lend", // give a colleague one's own reach for a time
  "health.read",
  "job.retry", // failed work is tried again
  "recovery.manage",
] as const;
export const Permission = z.enum(permissions);
export type Permission = z.infer<typeof Permission>;

export const roles = [
  "officer",
  "supervisor",
  "custodian",
  "records",
  "trainer",
  "prosecutor",
  "defence",
  "auditor",
  "admin",
  "device",
] as const;
export const Role = z.enum(roles);
export type Role = z.infer<typeof Role>;

/**
 * An admin runs the system and is not a reader of evidence by default: who is both carries both roles.
 * Which items a reader sees is the access predicate's business, not this table's.
 */
export const rolePermissions: Readonly<Record<Role, readonly Permission[]>> = {
  officer: [
    "evidence.list",
    "evidence.view",
    "evidence.custody",
    "evidence.classify",
    "marker.read",
    "marker.write",
    "derivative.create",
    "incident.list",
    "incident.add",
    "call.list",
    "upload.create",
    "recording.read",
  ],
  supervisor: [
    "evidence.list",
    "evidence.view",
    "evidence.custody",
    "evidence.classify",
    "marker.read",
    "marker.write",
    "derivative.create",
    "time.correct",
    "hold.manage",
    "incident.list",
    "incident.add",
    "incident.manage",
    "call.list",
    "call.match",
    "statement.lock",
    "shift.manage",
    "case.list",
    "case.manage",
    "view.share",
    "share.list",
    "share.make",
    "reach.lend",
    "share.revoke",
    "upload.create",
    "recording.read",
  ],
  custodian: [
    "evidence.list",
    "evidence.view",
    "evidence.custody",
    "evidence.classify",
    "marker.read",
    "marker.write",
    "derivative.create",
    "time.correct",
    "evidence.restrict",
    "class.list",
    "hold.manage",
    "incident.list",
    "incident.add",
    "incident.manage",
    "call.list",
    "call.import",
    "call.match",
    "statement.lock",
    "shift.manage",
    "case.list",
    "case.manage",
    "view.share",
    "share.list",
    "share.make",
    "share.revoke",
    "upload.create",
    "recording.read",
    "device.manage",
    "health.read",
    "reach.lend",
    "job.retry",
  ],
  records: [
    "evidence.list",
    "evidence.view",
    "evidence.custody",
    "evidence.classify",
    "marker.read",
    "marker.write",
    "derivative.create",
    "hold.manage",
    "incident.list",
    "incident.add",
    "incident.manage",
    "call.list",
    "call.match",
    "case.list",
    "case.manage",
    "view.share",
    "share.list",
    "share.make",
    "reach.lend",
    "share.revoke",
  ],
  // These three see what was shared with them, nothing else.
  trainer: ["evidence.list", "evidence.view"],
  prosecutor: ["evidence.list", "evidence.view", "evidence.custody"],
  defence: ["evidence.list", "evidence.view", "evidence.custody"],
  auditor: [
    "evidence.list",
    "evidence.custody",
    "incident.list",
    "call.list",
    "case.list",
    "share.list",
    "audit.read",
    "health.read",
  ],
  admin: [
    "device.manage",
    "person.manage",
    "unit.manage",
    "category.manage",
    "class.list",
    "class.manage",
    "share.list",
    "share.revoke",
    "key.manage",
    "health.read",
    "job.retry",
    "reach.lend",
    "recovery.manage",
  ],
  device: ["recording.send", "upload.create", "recording.read"],
};

/** Outside the agency. */
export const outsideRoles: readonly Role[] = ["prosecutor", "defence"];

export const audiences = ["agency", "prosecution", "defence"] as const;
export const Audience = z.enum(audiences);
export type Audience = z.infer<typeof Audience>;

/** Which side somebody reads for: each side's reading is sealed from the others. */
export function audienceOf(held: readonly Role[]): Audience {
  if (held.includes("defence")) return "defence";
  return held.includes("prosecutor") ? "prosecution" : "agency";
}

/** Who is outside holds that role and no other: one person on two sides would be shown what is sealed from one. */
export function rolesGoTogether(held: readonly string[]): boolean {
  return new Set(held).size === 1 || !outsideRoles.some((role) => held.includes(role));
}

export function permits(held: readonly Role[], permission: Permission): boolean {
  return held.some((role) => rolePermissions[role].includes(permission));
}

/** How far a role reaches: nothing but what was shared, their own, their unit, the whole agency. */
const reach: Readonly<Record<Role, 0 | 1 | 2 | 3>> = {
  trainer: 0,
  prosecutor: 0,
  defence: 0,
  admin: 0,
  device: 0,
  officer: 1,
  supervisor: 2,
  custodian: 3,
  records: 3,
  auditor: 3,
};

/**
 * Whether somebody with these roles may have a key of that role: it does nothing and reaches nothing that they could
 * not themselves. A camera's key only sends; who enrols cameras may make it.
 */
export function mayStandFor(held: readonly Role[], role: Role): boolean {
  if (held.includes(role)) return true;
  if (role === "device") return permits(held, "device.manage") || permits(held, "key.manage");
  const farthest = Math.max(0, ...held.map((each) => reach[each]));
  return reach[role] <= farthest && rolePermissions[role].every((permission) => permits(held, permission));
}

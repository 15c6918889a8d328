import { z } from "zod";
import { Id, Instant } from "./evidence.ts";
import { type Permission, Role, rolePermissions } from "./permissions.ts";

/** What a key can be limited to. Closed, like the permissions behind it. */
export const keyScopes = [
  "evidence:read",
  "evidence:classify",
  "uploads:write",
  "recordings:read",
  "recordings:write",
  "cases:read",
  "cases:write",
  "calls:read",
  "calls:write",
  "organisation:read",
  "organisation:write",
  "server:read",
  "audit:read",
] as const;
export const KeyScope = z.enum(keyScopes);
export type KeyScope = z.infer<typeof KeyScope>;

/**
 * The scope of each permission. One that is not here is for people alone, whatever a key's role: a key that could make
 * keys or people could give itself anything, and what is new is denied until somebody says otherwise.
 */
export const scopeOf: Readonly<Partial<Record<Permission, KeyScope>>> = {
  "evidence.list": "evidence:read",
  "evidence.view": "evidence:read",
  "evidence.custody": "evidence:read",
  "evidence.classify": "evidence:classify",
  "evidence.restrict": "evidence:classify",
  "marker.write": "evidence:classify",
  "hold.manage": "evidence:classify",
  "upload.create": "uploads:write",
  "recording.send": "recordings:write",
  "recording.read": "recordings:read",
  "incident.list": "cases:read",
  "incident.add": "cases:write",
  "incident.manage": "cases:write",
  "call.list": "calls:read",
  "call.import": "calls:write",
  "case.list": "cases:read",
  "case.manage": "cases:write",
  "class.list": "organisation:read",
  "device.manage": "organisation:write",
  "unit.manage": "organisation:write",
  "category.manage": "organisation:write",
  "class.manage": "organisation:write",
  "health.read": "server:read",
  "audit.read": "audit:read",
};

/** What a key of this role and these scopes may do; null: everything that keys of its role may. */
export function keyPermissions(role: Role, scopes: readonly KeyScope[] | null): Permission[] {
  return rolePermissions[role].filter((permission) => {
    const scope = scopeOf[permission];
    return scope !== undefined && (scopes === null || scopes.includes(scope));
  });
}

/** Scopes that would give a key of this role anything. */
export function scopesFor(role: Role): KeyScope[] {
  return keyScopes.filter((scope) => rolePermissions[role].some((permission) => scopeOf[permission] === scope));
}

export const ApiKey = z.object({
  id: Id,
  name: z.string(),
  role: Role,
  /** Null: whatever keys of its role may. */
  scopes: z.array(KeyScope).nullable(),
  prefix: z.string(),
  deviceId: Id.nullable(),
  /** Who made it; null: on the server's own machine. */
  createdBy: z.object({ id: Id, name: z.string() }).nullable(),
  createdAt: Instant,
  expiresAt: Instant.nullable(),
  /** Within a few minutes; null: never. */
  lastUsedAt: Instant.nullable(),
  revokedAt: Instant.nullable(),
});
export type ApiKey = z.infer<typeof ApiKey>;
export const ApiKeyPage = z.object({ items: z.array(ApiKey), next: z.string().nullable() });

export const CreateKey = z.object({
  name: z.string().trim().min(1).max(100),
  role: Role,
  deviceName: z.string().max(100).optional(),
  scopes: z.array(KeyScope).min(1).max(keyScopes.length).optional(),
  /** From now; left out: it lasts until it is revoked. */
  expiresInDays: z.int().min(1).max(3650).optional(),
});
export type CreateKey = z.infer<typeof CreateKey>;
/** The token is in this answer and nowhere else. */
export const MadeKey = z.object({ id: Id, token: z.string(), deviceId: Id.nullable() });
export type MadeKey = z.infer<typeof MadeKey>;

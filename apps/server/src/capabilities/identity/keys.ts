import { randomUUID } from "node:crypto";
import { type CreateKey, type KeyScope, mayStandFor, Problem, type Role, scopesFor } from "@sworn/contract";
import type { Clock } from "../../ports/clock.ts";
import type { Database, Tx } from "../../ports/database.ts";
import type { Principal } from "../../ports/http.ts";
import { append, type AppendDeps } from "../custody/index.ts";
import { newToken } from "./tokens.ts";

export interface KeyDeps {
  readonly database: Database;
  readonly custody: AppendDeps;
  readonly clock: Clock;
}

export interface NewKey {
  readonly name: string;
  readonly role: Role;
  /** For role `device`: the camera's name; made when it is not there. */
  readonly deviceName?: string;
  readonly model?: string;
  /** Who wears it: what it records is theirs to see. */
  readonly personId?: string;
  /** Left out: whatever keys of the role may. */
  readonly scopes?: readonly KeyScope[];
  readonly expiresAt?: Date;
}

const DAY_MS = 24 * 3600 * 1000;

/** A key for a program, made by somebody who could do all of it themselves. `key-exceeds`, `request-malformed`. */
export async function makeKey(
  deps: KeyDeps,
  principal: Principal,
  { name, role, deviceName, scopes, expiresInDays }: CreateKey,
): Promise<{ id: string; token: string; deviceId: string | null }> {
  if (!mayStandFor(principal.roles, role)) throw new Problem("key-exceeds");
  const useless = scopes?.filter((scope) => !scopesFor(role).includes(scope)) ?? [];
  if (useless.length > 0)
    throw new Problem("request-malformed", `A key of this role gains nothing by ${useless.join(", ")}.`);
  return await createKey(deps, principal.agencyId, principal.actorId, {
    name,
    role,
    ...(deviceName === undefined ? {} : { deviceName }),
    ...(scopes === undefined ? {} : { scopes: [...new Set(scopes)] }),
    ...(expiresInDays === undefined ? {} : { expiresAt: new Date(deps.clock.now() + expiresInDays * DAY_MS) }),
  });
}

/** A key, and for cameras the device it stands for. The token is in the answer and nowhere else. */
export async function createKey(
  deps: KeyDeps,
  agencyId: string,
  actorId: string | null,
  request: NewKey,
): Promise<{ id: string; token: string; deviceId: string | null }> {
  const { token, hash, prefix } = newToken(request.role);
  const id = randomUUID();
  const deviceId = await deps.database.forAgency(agencyId, async (tx) => {
    const device = request.role === "device" ? await enrol(tx) : null;
    await tx
      .insertInto("sworn.api_key")
      .values({
        id,
        agency_id: agencyId,
        name: request.name,
        role: request.role,
        device_id: device,
        token_hash: hash,
        prefix,
        scopes: request.scopes === undefined ? null : [...request.scopes],
        created_by: actorId,
        expires_at: request.expiresAt ?? null,
        revoked_at: null,
        last_used_at: null,
      })
      .execute();
    const subject =
      device === null ? { kind: "agency" as const, id: agencyId } : { kind: "device" as const, id: device };
    await append(tx, deps.custody, agencyId, {
      kind: "key.created",
      subject,
      actorId,
      details: {
        key: id,
        role: request.role,
        ...(request.scopes === undefined ? {} : { scopes: request.scopes.join(" ") }),
        ...(request.expiresAt === undefined ? {} : { expiresAt: request.expiresAt.toISOString() }),
      },
    });
    return device;
  });
  return { id, token, deviceId };

  async function enrol(tx: Tx): Promise<string> {
    const name = request.deviceName ?? request.name;
    const known = await tx
      .selectFrom("sworn.device")
      .select(["id", "revoked_at"])
      .where("name", "=", name)
      .executeTakeFirst();
    if (known !== undefined && known.revoked_at !== null)
      throw new Problem("request-malformed", `The camera ${name} was revoked. Enrol it under another name.`);
    if (known !== undefined) return known.id;
    await assertPerson(tx, request.personId);
    const device = randomUUID();
    await tx
      .insertInto("sworn.device")
      .values({
        id: device,
        agency_id: agencyId,
        name,
        model: request.model ?? null,
        person_id: request.personId ?? null,
        revoked_at: null,
      })
      .execute();
    await append(tx, deps.custody, agencyId, {
      kind: "device.enrolled",
      subject: { kind: "device", id: device },
      actorId,
    });
    return device;
  }
}

async function assertPerson(tx: Tx, personId: string | undefined): Promise<void> {
  if (personId === undefined) return;
  const found = await tx.selectFrom("sworn.person").select("id").where("id", "=", personId).executeTakeFirst();
  if (found === undefined) throw new Problem("request-malformed", "There is no such person in this agency.");
}

/** Ends a key at once. Its history stays. */
export async function revokeKey(deps: KeyDeps, agencyId: string, actorId: string, id: string): Promise<void> {
  await deps.database.forAgency(agencyId, async (tx) => {
    const key = await tx
      .updateTable("sworn.api_key")
      .set({ revoked_at: new Date(deps.clock.now()) })
      .where("id", "=", id)
      .where("revoked_at", "is", null)
      .returning(["id", "device_id"])
      .executeTakeFirst();
    if (key === undefined) throw new Problem("not-found");
    const subject =
      key.device_id === null
        ? { kind: "agency" as const, id: agencyId }
        : { kind: "device" as const, id: key.device_id };
    await append(tx, deps.custody, agencyId, { kind: "key.revoked", subject, actorId, details: { key: id } });
  });
}

/** Ends a camera and all its keys at once, for good: found again, it is enrolled under another name. */
export async function revokeDevice(deps: KeyDeps, agencyId: string, actorId: string, id: string): Promise<void> {
  const at = { revoked_at: new Date(deps.clock.now()) };
  await deps.database.forAgency(agencyId, async (tx) => {
    const device = await tx
      .updateTable("sworn.device")
      .set(at)
      .where("id", "=", id)
      .where("revoked_at", "is", null)
      .returning("id")
      .executeTakeFirst();
    if (device === undefined) throw new Problem("not-found");
    const keys = await tx
      .updateTable("sworn.api_key")
      .set(at)
      .where("device_id", "=", id)
      .where("revoked_at", "is", null)
      .returning("id")
      .execute();
    const subject = { kind: "device", id } as const;
    await append(tx, deps.custody, agencyId, { kind: "device.revoked", subject, actorId });
    for (const key of keys)
      await append(tx, deps.custody, agencyId, { kind: "key.revoked", subject, actorId, details: { key: key.id } });
  });
}

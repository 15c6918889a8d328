import { ApiKeyPage, CreateKey, Device, MadeKey } from "@sworn/contract";
import { z } from "zod";
import { type Principal, type Route, route } from "../../ports/http.ts";
import { createKey, type KeyDeps, makeKey, revokeDevice, revokeKey } from "./keys.ts";
import { listKeys } from "./list-keys.ts";
import { listDevices } from "./store.ts";

const IdParam = z.object({ id: z.uuid() });
const Page = z.object({ cursor: z.uuid().optional(), limit: z.coerce.number().int().min(1).max(200).default(100) });

/** Cameras and the keys of programs. */
export function keyRoutes(deps: KeyDeps): Route[] {
  const forAgency = <T>(principal: Principal, work: Parameters<typeof deps.database.forAgency<T>>[1]): Promise<T> =>
    deps.database.forAgency(principal.agencyId, work);
  return [
    route({
      method: "GET",
      path: "/api/v1/devices",
      access: { permission: "device.manage" },
      summary: "Cameras of the agency",
      answer: z.object({ items: z.array(Device) }),
      handle: async ({ principal }) => ({ body: { items: await forAgency(principal, listDevices) } }),
    }),
    route({
      method: "POST",
      path: "/api/v1/devices",
      access: { permission: "device.manage" },
      summary: "Enrol a camera and get its key, shown once",
      secretAnswer: true,
      body: z.object({
        name: z.string().min(1).max(100),
        model: z.string().max(100).optional(),
        personId: z.uuid().optional(),
      }),
      answer: MadeKey,
      handle: async ({ principal, body }) => {
        const made = await createKey(deps, principal.agencyId, principal.actorId, {
          name: body.name,
          role: "device",
          deviceName: body.name,
          ...(body.model === undefined ? {} : { model: body.model }),
          ...(body.personId === undefined ? {} : { personId: body.personId }),
        });
        return { status: 201, body: made };
      },
    }),
    route({
      method: "DELETE",
      path: "/api/v1/devices/:id",
      access: { permission: "device.manage" },
      summary: "Revoke a camera and every key it has, for good",
      params: IdParam,
      handle: async ({ principal, params }) => {
        await revokeDevice(deps, principal.agencyId, principal.actorId, params.id);
        return { status: 204 };
      },
    }),
    route({
      method: "GET",
      path: "/api/v1/keys",
      access: { permission: "key.manage" },
      summary: "API keys, without their secrets, newest first",
      query: Page,
      answer: ApiKeyPage,
      handle: async ({ principal, query }) => ({ body: await forAgency(principal, (tx) => listKeys(tx, query)) }),
    }),
    route({
      method: "POST",
      path: "/api/v1/keys",
      access: { permission: "key.manage" },
      summary: "Make an API key, shown once; it can do no more than its maker",
      secretAnswer: true,
      body: CreateKey,
      answer: MadeKey,
      handle: async ({ principal, body }) => ({ status: 201, body: await makeKey(deps, principal, body) }),
    }),
    route({
      method: "DELETE",
      path: "/api/v1/keys/:id",
      access: { permission: "key.manage" },
      summary: "Revoke an API key at once",
      params: IdParam,
      handle: async ({ principal, params }) => {
        await revokeKey(deps, principal.agencyId, principal.actorId, params.id);
        return { status: 204 };
      },
    }),
  ];
}

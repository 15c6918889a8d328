import { CreateInvitation, InvitationPage, InvitationToken, NewInvitation, OpenInvitation } from "@sworn/contract";
import { z } from "zod";
import { type Route, route } from "../../ports/http.ts";
import {
  acceptInvitation,
  type InvitationDeps,
  invite,
  listInvitations,
  readInvitation,
  renew,
  withdraw,
} from "./invitations.ts";

const IdParam = z.object({ id: z.uuid() });
const Page = z.object({ cursor: z.uuid().optional(), limit: z.coerce.number().int().min(1).max(200).default(100) });
const byLink = { public: "the invited has no account yet; the link's token is the proof" } as const;

/** Inviting people, and coming in by invitation. */
export function invitationRoutes(deps: InvitationDeps): Route[] {
  return [
    route({
      method: "GET",
      path: "/api/v1/invitations",
      access: { permission: "person.manage" },
      summary: "Invitations, newest first, without their links",
      query: Page,
      answer: InvitationPage,
      handle: async ({ principal, query }) => ({
        body: await deps.database.forAgency(principal.agencyId, (tx) => listInvitations(tx, deps.clock.now(), query)),
      }),
    }),
    route({
      method: "POST",
      path: "/api/v1/invitations",
      access: { permission: "person.manage" },
      summary: "Invite a person; the answer holds their link, once",
      secretAnswer: true,
      body: CreateInvitation,
      answer: NewInvitation,
      handle: async ({ principal, body }) => ({
        status: 201,
        body: await invite(deps, principal, { ...body, unitId: body.unitId ?? null }),
      }),
    }),
    route({
      method: "POST",
      path: "/api/v1/invitations/:id/renew",
      access: { permission: "person.manage" },
      summary: "A new link for an invitation; the one before stops working",
      secretAnswer: true,
      params: IdParam,
      answer: NewInvitation,
      handle: async ({ principal, params }) => ({ body: await renew(deps, principal, params.id) }),
    }),
    route({
      method: "DELETE",
      path: "/api/v1/invitations/:id",
      access: { permission: "person.manage" },
      summary: "Withdraw an invitation",
      params: IdParam,
      handle: async ({ principal, params }) => {
        await withdraw(deps, principal, params.id);
        return { status: 204 };
      },
    }),
    route({
      method: "POST",
      path: "/api/v1/invitation/check",
      access: byLink,
      summary: "Who is invited where, by the link's token",
      body: z.strictObject({ token: InvitationToken }),
      answer: OpenInvitation,
      handle: async ({ body }) => ({ body: await readInvitation(deps, body.token) }),
    }),
    route({
      method: "POST",
      path: "/api/v1/invitation/accept",
      access: byLink,
      summary: "Come in by invitation, with a password of one's own; the link is used up",
      body: z.strictObject({ token: InvitationToken, password: z.string().min(12).max(256) }),
      answer: z.object({ personId: z.uuid() }),
      handle: async ({ body }) => ({ status: 201, body: await acceptInvitation(deps, body.token, body.password) }),
    }),
  ];
}

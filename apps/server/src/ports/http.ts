import type { IncomingMessage } from "node:http";
import { type Permission, permits, type Role } from "@sworn/contract";
import type { z } from "zod";

/** Who is asking, as far as it was proven. `actorId` is what the custody log names. */
export interface Principal {
  readonly kind: "person" | "key";
  readonly actorId: string;
  readonly agencyId: string;
  readonly roles: readonly Role[];
  /** What of their roles' permissions they have; left out: all. A key has those of its scopes and of its maker. */
  readonly permissions?: readonly Permission[];
  readonly personId: string | null;
  readonly deviceId: string | null;
  /** Who made a key that is bound to its maker: what is kept from them is kept from it. */
  readonly makerId?: string;
  /** For whom a person acts, with that one's reach alone and not their own. */
  readonly behalf?: { readonly delegationId: string; readonly personId: string };
  /** The session behind a cookie; nothing for keys. */
  readonly session?: { readonly id: string; readonly accountId: string };
  /** How far a role reaches; left out, it reaches nowhere beyond what is their own. */
  readonly scope?: Scope;
}

/** Whether they may do this at all; which items they may do it to is the access predicate's business. */
export function may({ roles, permissions }: Principal, permission: Permission): boolean {
  return permits(roles, permission) && permissions?.includes(permission) !== false;
}

export interface Scope {
  /** Units whose items a supervisor sees, those below included; `all` where they belong to none. */
  readonly units: readonly string[] | "all";
  /** Under a delegation for one unit: whatever a role reaches, it reaches no further than these. */
  readonly within?: readonly string[];
  /** Restricted classes they are a member of. */
  readonly classes: readonly string[];
  /** Shares with them that hold now: for prosecutors and the defence. Left out: none. */
  readonly shares?: readonly string[];
}

/**
 * Who may call a route. There is no default: a route without it does not compile.
 * `public` needs its reason written down, so that it is a decision and not an omission.
 */
export type Access = { readonly permission: Permission } | { readonly signedIn: true } | { readonly public: string };

export interface RouteContext<P = unknown, Q = unknown, B = unknown> {
  readonly principal: Principal; // for public routes: `anonymous`
  readonly params: P;
  readonly query: Q;
  readonly body: B;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly raw: IncomingMessage;
  readonly ip: string;
  /** Aborts when the client goes away or the server stops. */
  readonly signal: AbortSignal;
}

export interface Reply {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string | string[]>>;
  /** A plain object is sent as JSON; bytes and streams as they are. */
  readonly body?: object | string | Uint8Array | AsyncIterable<Uint8Array> | null;
}

export interface RouteSpec<P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType> {
  readonly method: "GET" | "HEAD" | "POST" | "PUT" | "PATCH" | "DELETE" | "OPTIONS";
  /** Fastify path: `/api/v1/evidence/:id` */
  readonly path: string;
  readonly access: Access;
  /** One line for the API's own documentation. */
  readonly summary: string;
  readonly params?: P;
  readonly query?: Q;
  /** JSON body, at most 1 MiB. */
  readonly body?: B;
  /** The handler reads `raw` itself (uploads, fragments): no JSON parser, no size limit but its own. */
  readonly streamsBody?: boolean;
  /** What it answers is shown once and kept nowhere: keys, links, recovery codes. */
  readonly secretAnswer?: boolean;
  /** Answered also while the session is locked: what unlocks it, and uploads that were under way. */
  readonly whileLocked?: boolean;
  /**
   * Answered also before the session opens anything: `always`, or once its person has accepted the agency's notice and
   * only lacks a second factor.
   */
  readonly whileWaiting?: "never" | "always" | "second-factor";
  /** A public address that only our own pages may send to, as if it had a cookie: signing somebody in is a change. */
  readonly ownPagesOnly?: boolean;
  /** Cameras that catch up send this by the thousand: not counted by the limit on a camera's requests. */
  readonly uncounted?: boolean;
  /** Shape of a 2xx JSON answer, for OpenAPI and for tests that validate every answer. */
  readonly answer?: z.ZodType;
  readonly handle: (context: RouteContext<z.output<P>, z.output<Q>, z.output<B>>) => Promise<Reply>;
}

export type Route = RouteSpec<z.ZodType, z.ZodType, z.ZodType>;

/** Keeps the handler's types in step with its schemas, then forgets them for the list. */
export function route<
  P extends z.ZodType = z.ZodUndefined,
  Q extends z.ZodType = z.ZodUndefined,
  B extends z.ZodType = z.ZodUndefined,
>(spec: RouteSpec<P, Q, B>): Route {
  return spec;
}

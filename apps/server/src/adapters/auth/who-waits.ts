import { createAuthEndpoint } from "better-auth/api";
import type { BetterAuthPlugin } from "better-auth";

/** What the library keeps to itself: whose sign-in waits for its second half, by the cookie it gave. Has no address. */
export const whoWaits = {
  id: "who-waits",
  endpoints: {
    whoWaits: createAuthEndpoint.serverOnly({ method: "GET", requireHeaders: true }, async (ctx) => {
      const { name } = ctx.context.createAuthCookie("two_factor");
      const waiting = await ctx.getSignedCookie(name, ctx.context.secret);
      if (typeof waiting !== "string" || waiting === "") return null;
      const held = await ctx.context.internalAdapter.findVerificationValue(waiting);
      if (held === null || held.expiresAt.getTime() <= Date.now()) return null;
      const user = await ctx.context.internalAdapter.findUserById(held.value);
      return user === null ? null : { accountId: user.id, email: user.email };
    }),
  },
} satisfies BetterAuthPlugin;

import type { IncomingMessage } from "node:http";
import { Problem } from "@sworn/contract";

/** Headers on every answer. The policy allows nothing from elsewhere and no inline script (look.md, SECURITY.md). */
export const securityHeaders: Readonly<Record<string, string>> = {
  "content-security-policy":
    "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' blob: data:; " +
    "media-src 'self' blob:; worker-src 'self' blob:; connect-src 'self'; font-src 'self'; object-src 'none'; " +
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  "permissions-policy": "camera=(self), microphone=(self), geolocation=(self), interest-cohort=()",
};

/** Encoded slashes, backslashes and NULs have passed guards elsewhere by being decoded after them: refused outright. */
export function refuseOddPath(url: string): void {
  const [path = "", query = ""] = url.split("?", 2);
  if (/%00/.test(query)) throw new Problem("request-malformed", "No text holds a NUL.");
  if (/%2f|%5c|%00|\\/i.test(path) || path.includes("/../") || path.includes("//")) throw new Problem("not-found");
}

const unsafe = new Set(["POST", "PUT", "PATCH", "DELETE"]);

/**
 * Cross-site request forgery: a request that carries a cookie and changes something must say that our own page made
 * it. Sec-Fetch-Site where the browser sends it, Origin otherwise; neither present means no browser we serve.
 */
export function refuseForgery(request: IncomingMessage, ownOrigins: readonly string[]): void {
  if (!unsafe.has(request.method ?? "")) return;
  const site = request.headers["sec-fetch-site"];
  if (site === "same-origin") return;
  const origin = request.headers.origin;
  if (site === undefined && origin !== undefined && ownOrigins.includes(origin)) return;
  if (site === "none" && origin !== undefined && ownOrigins.includes(origin)) return;
  throw new Problem("csrf-refused");
}

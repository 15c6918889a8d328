import { expect, test } from "vitest";
import { everyPage, Sworn } from "./index.ts";

interface Sent {
  readonly method: string;
  readonly key: string | null;
}
type Step = "cut" | Response;
const problem = (status: number, members: object, headers: Record<string, string> = {}): Response =>
  Response.json({ title: "no", ...members }, { status, headers });
const unit = (): Response => Response.json({ id: "00000000-0000-4000-8000-000000000001", name: "North" });

/** A client whose server answers step by step; what was sent, with its key. */
function against(steps: Step[], options: { idempotencyKey?: string | null } = {}): { sworn: Sworn; sent: Sent[] } {
  const sent: Sent[] = [];
  const fetch: typeof globalThis.fetch = async (_, init) => {
    sent.push({ method: init?.method ?? "", key: new Headers(init?.headers).get("idempotency-key") });
    const step = steps.shift();
    if (step === undefined || step === "cut") throw new TypeError("the connection broke");
    return step;
  };
  return { sworn: new Sworn({ url: "http://sworn.test", fetch, ...options }), sent };
}
const patch = (sworn: Sworn, signal?: AbortSignal): Promise<Response> =>
  sworn.http.call("PATCH", "http://sworn.test/x", { json: {}, signal });

test("a change is sent again under the same key until it is answered; each change has a key of its own", async () => {
  const { sworn, sent } = against(["cut", problem(503, { code: "busy" }), unit(), unit()]);
  await patch(sworn);
  await patch(sworn);
  expect(sent).toHaveLength(4);
  expect(new Set(sent.slice(0, 3).map(({ key }) => key)).size).toBe(1);
  expect(sent[3]?.key).not.toBe(sent[0]?.key);
  expect(sent[0]?.key).toMatch(/^[0-9a-f]{32}$/);
});

test("a first try that is still under way is waited for, not done twice", async () => {
  const { sworn, sent } = against(["cut", problem(409, { code: "outcome-unknown" }), unit()]);
  await patch(sworn);
  expect(sent).toHaveLength(3);
});

test.each([
  ["a refusal", problem(409, { code: "name-taken" }), "name-taken"],
  ["a failure of which nobody knows", problem(500, { code: "internal" }), "internal"],
  ["an outcome nobody knows, at once", problem(409, { code: "outcome-unknown" }), "outcome-unknown"],
  ["a wait longer than one call", problem(503, { code: "busy" }, { "retry-after": "60" }), "busy"],
])("%s is thrown, not sent again", async (_, answer, code) => {
  const { sworn, sent } = against([answer, unit()]);
  await expect(patch(sworn)).rejects.toMatchObject({ code });
  expect(sent).toHaveLength(1);
});

test("what has no key is sent once: reading, bytes, passwords, what a secret answers, and where none is wanted", async () => {
  const { sworn, sent } = against([]);
  const calls = [
    () => sworn.me(),
    () => sworn.http.call("PUT", "http://sworn.test/x", { body: new Uint8Array(1) }),
    () => sworn.session.unlock("sworn demo 2026"),
    () => sworn.people.renewInvitation("1"),
    () => sworn.http.call("POST", "http://sworn.test/x", { json: {}, idempotencyKey: null }),
  ];
  for (const call of calls) await expect(call()).rejects.toMatchObject({ code: "network" });
  expect(sent.map(({ key }) => key)).toEqual(calls.map(() => null));
  const none = against([], { idempotencyKey: null });
  await expect(patch(none.sworn)).rejects.toMatchObject({ code: "network" });
  expect(none.sent).toEqual([{ method: "PATCH", key: null }]);
});

test("tries end: after four, and when the caller stops", async () => {
  const { sworn, sent } = against([]);
  await expect(patch(sworn)).rejects.toMatchObject({ code: "network" });
  expect(sent).toHaveLength(4);
  const stop = new AbortController();
  const stopped = against(["cut"]);
  const asked = patch(stopped.sworn, stop.signal);
  stop.abort();
  await expect(asked).rejects.toMatchObject({ code: "cancelled" });
  expect(stopped.sent).toHaveLength(1);
});

test("a key of the caller's is kept; where the server keeps no more answers, only the SDK's own is left out", async () => {
  const full = (): Response => problem(429, { code: "rate-limited", withoutKey: true });
  const own = against([full(), unit()]);
  await patch(own.sworn);
  expect(own.sent.map(({ key }) => key !== null)).toEqual([true, false]);
  const chosen = against([full(), unit()]);
  await expect(patch(chosen.sworn.under("row-17-of-20"))).rejects.toMatchObject({ code: "rate-limited" });
  expect(chosen.sent).toEqual([{ method: "PATCH", key: "row-17-of-20" }]);
  // After a try of which nobody knows, leaving the key out would do it twice.
  const late = against(["cut", full(), unit()]);
  await expect(patch(late.sworn)).rejects.toMatchObject({ code: "rate-limited" });
});

test("pages are asked for as somebody gets there, empty ones are passed over", async () => {
  const asked: (string | undefined)[] = [];
  const pages = new Map([
    [undefined, { items: [1, 2], next: "b" }],
    ["b", { items: [], next: "c" }],
    ["c", { items: [3], next: null }],
  ]);
  const read = async (next: string | undefined): Promise<{ items: number[]; next: string | null }> => {
    asked.push(next);
    return pages.get(next) ?? { items: [], next: null };
  };
  for await (const item of everyPage(read)) if (item === 2) break;
  expect(asked).toEqual([undefined]);
  const all: number[] = [];
  for await (const item of everyPage(read)) all.push(item);
  expect(all).toEqual([1, 2, 3]);
});

import { execFileSync } from "node:child_process";
import { randomUUID } from "node:crypto";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Evidence, Family, MarkerList, Rendering, Role } from "@sworn/contract";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { generate } from "../../adapters/ffmpeg/testing-files.ts";
import type { Principal } from "../../ports/http.ts";
import { markerRoutes } from "../markers/index.ts";
import { type MediaRig, makeMediaRig } from "../media/testing.ts";
import { retentionRoutes } from "../retention/index.ts";
import { derivativeRoutes, type RenderDeps, workDerivatives } from "./index.ts";
import { workRendering } from "./work-rendering.ts";

vi.setConfig({ testTimeout: 60_000 });

let rig: MediaRig;
let deps: RenderDeps;
let folder: string;
let [custodian, officer]: Principal[] = [];
/** Six seconds, ten pictures a second; the n-th is 4 n bright. Once with one index, once in fragments. */
let [whole, fragments] = ["", ""];
/** While set, the encoder writes something and then never ends. */
let hangs = false;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "sworn-derivatives-"));
  rig = await makeMediaRig({
    media: (real) => ({
      ...real,
      clip: async (cut, range, out, signal) => {
        if (!hangs) return await real.clip(cut, range, out, signal);
        out.take(Buffer.from("half a clip"));
        out.progress(500);
        await new Promise((_, reject) => signal?.addEventListener("abort", () => reject(signal.reason as Error)));
      },
    }),
    more: async (given) => {
      deps = given;
      await workDerivatives(given);
      return [...derivativeRoutes(given), ...markerRoutes(given), ...retentionRoutes(given)];
    },
  });
  custodian = await person(["custodian"]);
  officer = await person(["officer"]);
  const picture = ["-f", "lavfi", "-i", "nullsrc=s=64x48:r=10:d=6,geq=lum=4*N:cb=128:cr=128"];
  const sound = ["-f", "lavfi", "-i", "sine=duration=6"];
  const codecs = ["-c:v", "libx264", "-crf", "4", "-g", "10", "-bf", "0", "-pix_fmt", "yuv420p", "-c:a", "aac"];
  const plain = generate(join(folder, "a.mp4"), ...picture, ...sound, ...codecs, "-movflags", "+faststart");
  const flags = "frag_keyframe+empty_moov+default_base_moof";
  const cut = generate(join(folder, "b.mp4"), "-i", plain, "-c", "copy", "-movflags", flags);
  whole = await rig.store(readFileSync(plain), "whole.mp4");
  fragments = await rig.store(readFileSync(cut), "fragments.mp4");
  const owner = await rig.intake.test.owner();
  const set = "update sworn.evidence set person_id = $1, recorded_at = '2026-11-20T21:00:00Z', time_source = 'gnss'";
  await owner.query(set, [officer.personId]);
  for (const id of [whole, fragments]) await rig.settled(id, ({ media }) => media.state === "ready");
}, 90_000);
afterAll(async () => {
  await rig.end();
  rmSync(folder, { recursive: true, force: true });
}, 40_000);

async function person(roles: Role[]): Promise<Principal> {
  const id = randomUUID();
  const owner = await rig.intake.test.owner();
  await owner.query("insert into sworn.person (id, agency_id, name, email, roles) values ($1, $2, $3, $4, $5)", [
    id,
    rig.intake.agencyId,
    `Demo ${roles.join()}`,
    `${id}@demo.example`,
    roles,
  ]);
  const who = { kind: "person", actorId: id, personId: id, deviceId: null, agencyId: rig.intake.agencyId } as const;
  return { ...who, roles, scope: { units: "all", classes: [] } };
}
async function ask<T>(
  who: Principal | undefined,
  method: string,
  path: string,
  body?: object,
): Promise<T & { status: number }> {
  const answer = await rig.ask(method, `/api/v1/${path}`, who, body);
  const text = await answer.text();
  return { ...((text === "" ? {} : JSON.parse(text)) as T), status: answer.status };
}
const make = (what: object, id = whole, who = officer): Promise<Rendering & { code?: string; status: number }> =>
  ask(who, "POST", `evidence/${id}/renderings`, { take: 0, ...what });
const ended = async (id: string): Promise<Rendering> =>
  await vi.waitFor(
    async () => {
      const now = await ask<Rendering>(custodian, "GET", `renderings/${id}`);
      expect(["done", "failed", "cancelled"]).toContain(now.state);
      return now;
    },
    { timeout: 60_000, interval: 100 },
  );
/** Which of the numbered pictures a file holds. */
async function picturesIn(id: string): Promise<number[]> {
  const answer = await rig.ask("GET", `/api/v1/evidence/${id}/media`, custodian);
  const file = join(folder, `${id}.bin`);
  writeFileSync(file, Buffer.from(await answer.arrayBuffer()));
  const args = ["-v", "error", "-i", file, "-vf", "scale=1:1,format=gray", "-f", "rawvideo", "pipe:1"];
  // Gray runs from 0 to 255, the picture's light from 16 to 235.
  return [...execFileSync("ffmpeg", args)].map((gray) => Math.round(((gray * 219) / 255 + 16) / 4));
}
const details = async (id: string, kind: string): Promise<Record<string, unknown>[]> =>
  (await rig.events(id))
    .filter((event) => event.kind === kind)
    .map(({ event }) => (JSON.parse(event) as { details: Record<string, unknown> }).details);
/** Everything that stands under an id that never became an item. */
async function leftOf(id: string): Promise<number> {
  const owner = await rig.intake.test.owner();
  const tables = ["sworn.evidence_key where evidence_id", "sworn.evidence where id", "sworn.file where evidence_id"];
  const counts = tables.map((table) => `(select count(*) from ${table} = $1)`).join(" + ");
  const { rows } = await owner.query<{ n: number }>(`select (${counts})::int as n`, [id]);
  return rows[0]?.n ?? -1;
}

describe("a still", () => {
  it.each([
    ["a file with one index", () => whole],
    ["fragments", () => fragments],
  ])("of %s is exactly the picture that stands there, an item of its own that says where it is from", async (_, of) => {
    for (const [fromMs, picture] of [
      [0, 0],
      [2050, 20],
      [3170, 31],
      [5990, 59],
    ] as const) {
      // Black is black: pictures below 16/4 cannot be told apart.
      const asked = await make({ kind: "snapshot", fromMs }, of());
      expect(asked.status).toBe(202);
      expect(await ended(asked.id)).toMatchObject({ state: "done", permille: 1000 });
      expect((await picturesIn(asked.id))[0], `${fromMs} ms`).toBe(Math.max(4, picture));
      if (fromMs !== 3170) continue;
      // Where sound is copied with its priming, the pictures begin that much later.
      const begins = of() === whole ? 3100 : 3123;
      const item = await ask<Evidence>(officer, "GET", `evidence/${asked.id}`);
      expect(item).toMatchObject({
        kind: "photo",
        hasPoster: true,
        recordedAt: `2026-11-20T21:00:03.${begins - 3000}Z`,
      });
      expect(item.media).toMatchObject({ state: "ready", facts: { video: { codec: "png", width: 64, height: 48 } } });
      const made = { derivative: asked.id, made: "snapshot", take: 0, fromMs: begins, tool: "ffmpeg" };
      expect(await details(of(), "derivative.made")).toContainEqual(expect.objectContaining(made));
      expect(await details(asked.id, "evidence.stored")).toMatchObject([{ madeFrom: of(), takes: 1 }]);
      const { items } = await ask<MarkerList>(officer, "GET", `evidence/${of()}/markers`);
      const place = { take: 0, fromMs: begins, toMs: null };
      expect(items).toContainEqual(expect.objectContaining({ kind: "snapshot", place, derivativeId: asked.id }));
    }
  });
});

describe("a clip", () => {
  it.each([
    ["a file with one index", () => whole],
    ["fragments", () => fragments],
  ])("of %s holds the pictures of its range and none from outside, with sound and an index", async (_, of) => {
    const asked = await make({ kind: "clip", fromMs: 1500, toMs: 3500, title: "Hand on the door" }, of());
    expect(await ended(asked.id)).toMatchObject({ state: "done", title: "Hand on the door" });
    expect(await picturesIn(asked.id)).toEqual(Array.from({ length: 20 }, (__, n) => 15 + n));
    const item = await rig.settled(asked.id, ({ media }) => media.state === "ready");
    expect(item).toMatchObject({ kind: "video", person: { id: officer?.personId } });
    expect(item.media.facts?.audio?.codec).toBe("aac");
    expect(item.media.facts?.durationMs).toBeGreaterThan(1800);
    expect(item.media.facts?.durationMs).toBeLessThan(2300);
    expect(readFileSync(join(folder, `${asked.id}.bin`)).includes("sidx")).toBe(true);
  });

  it("of a clip is one again; the tree shows what somebody may see, and never counts the rest", async () => {
    const clip = await make({ kind: "clip", fromMs: 1000, toMs: 4000 });
    await ended(clip.id);
    await rig.settled(clip.id, ({ media }) => media.state === "ready");
    const still = await make({ kind: "snapshot", fromMs: 1050 }, clip.id);
    expect((await ended(still.id)).state).toBe("done");
    expect((await picturesIn(still.id))[0]).toBe(20);
    const tree = await ask<Family>(officer, "GET", `evidence/${clip.id}/family`);
    const made = (id: string): string | undefined => tree.items.find((item) => item.id === id)?.made?.from;
    expect([tree.items[0]?.id, made(clip.id), made(still.id)]).toEqual([whole, whole, clip.id]);
    expect(tree.items.find(({ id }) => id === clip.id)?.made).toMatchObject({
      reencoded: true,
      kind: "clip",
      fromMs: 1000,
    });
    const other = await person(["officer"]);
    expect((await ask<{ code: string }>(other, "GET", `evidence/${clip.id}/family`)).status).toBe(404);
  });

  it("refuses what cannot be, in words that say what to do", async () => {
    for (const [what, status, code] of [
      [{ kind: "clip", fromMs: 5000, toMs: 9000 }, 422, "range-outside"],
      [{ kind: "clip", fromMs: 3000, toMs: 1000 }, 422, "range-outside"],
      [{ kind: "clip", fromMs: 0, toMs: 1_800_001 }, 422, "range-outside"],
      [{ kind: "snapshot", fromMs: 60_000 }, 422, "range-outside"],
      [{ kind: "snapshot", fromMs: 0, take: 3 }, 422, "range-outside"],
      [{ kind: "clip", fromMs: 0 }, 400, "request-malformed"],
      [{ kind: "snapshot", fromMs: 0, toMs: 10 }, 400, "request-malformed"],
      [{ kind: "snapshot", fromMs: -1 }, 400, "request-malformed"],
      [{ kind: "snapshot", fromMs: 0, title: "nul \0" }, 400, "request-malformed"],
      [{ kind: "poster", fromMs: 0 }, 400, "request-malformed"],
    ] as const)
      expect(await make(what), JSON.stringify(what)).toMatchObject({ status, code });
    const other = await person(["officer"]);
    const absent = await make({ kind: "snapshot", fromMs: 0 }, randomUUID(), other);
    expect(await make({ kind: "snapshot", fromMs: 0 }, whole, other)).toEqual(absent);
    expect(absent).toMatchObject({ status: 404, code: "not-found" });
    expect(await make({ kind: "snapshot", fromMs: 0 }, whole, await person(["auditor"]))).toMatchObject({
      status: 403,
    });
  });

  it("that is cancelled, or whose worker dies, leaves nothing; a second try makes one item under the same id", async () => {
    hangs = true;
    const { id } = await make({ kind: "clip", fromMs: 0, toMs: 5000 });
    await vi.waitFor(
      async () => expect((await ask<Rendering>(officer, "GET", `renderings/${id}`)).permille).toBe(100),
      20_000,
    );
    const stranger = await person(["officer"]);
    expect(await ask(stranger, "POST", `renderings/${id}/cancel`)).toMatchObject({ status: 404, code: "not-found" });
    expect(await ask<Rendering>(officer, "POST", `renderings/${id}/cancel`)).toMatchObject({ state: "cancelled" });
    await vi.waitFor(async () => expect(await leftOf(id)).toBe(0), 20_000);
    for (const place of Object.values(rig.scratchFolders))
      expect(readdirSync(place).filter((name) => name.startsWith(`sworn-scratch-${process.pid}-`))).toEqual([]);

    // As after a kill: the row says running, bytes and key may be there, nothing else is.
    const owner = await rig.intake.test.owner();
    await owner.query("update sworn.rendering set state = 'running', ended_at = null where id = $1", [id]);
    const stop = new AbortController();
    const dies = workRendering(deps, { agencyId: rig.intake.agencyId, id }, stop.signal);
    setTimeout(() => stop.abort(new Error("the server stops")), 300);
    await expect(dies).rejects.toThrow("stops");
    expect(await leftOf(id)).toBe(1); // its key, which the next try uses
    expect((await ask<{ code: string }>(officer, "GET", `evidence/${id}`)).status).toBe(404);
    hangs = false;
    await workRendering(deps, { agencyId: rig.intake.agencyId, id }, new AbortController().signal);
    await workRendering(deps, { agencyId: rig.intake.agencyId, id }, new AbortController().signal);
    expect(await ask<Rendering>(officer, "GET", `renderings/${id}`)).toMatchObject({ state: "done" });
    expect(await details(id, "evidence.stored")).toHaveLength(1);
  });

  it("of a file that cannot be decoded says so, and can be tried again", async () => {
    const broken = readFileSync(join(folder, "a.mp4"));
    broken.fill(0x55, broken.indexOf("mdat") + 4);
    const id = await rig.store(broken, "broken.mp4");
    const owner = await rig.intake.test.owner();
    await owner.query("update sworn.evidence set person_id = $1 where id = $2", [officer?.personId, id]);
    const asked = await make({ kind: "clip", fromMs: 1000, toMs: 2000 }, id);
    const failed = await ended(asked.id);
    expect(failed).toMatchObject({ state: "failed", code: "unreadable" });
    expect(await leftOf(asked.id)).toBe(0);
    expect(await ask<Rendering>(officer, "POST", `renderings/${asked.id}/retry`)).toMatchObject({ state: "waiting" });
    expect((await ended(asked.id)).state).toBe("failed");
  });
});

describe("whoever may not see the original", () => {
  it("never sees what was made from it: class and categories come with it, and change with it in one transaction", async () => {
    const owner = await rig.intake.test.owner();
    const [classId, categoryId] = [randomUUID(), randomUUID()];
    const { agencyId } = rig.intake;
    await owner.query("insert into sworn.restricted_class (id, agency_id, name) values ($1, $2, 'Internal affairs')", [
      classId,
      agencyId,
    ]);
    await owner.query(
      "insert into sworn.category (id, agency_id, name, keep_count, keep_unit) values ($1, $2, 'Force', 4, 'year')",
      [categoryId, agencyId],
    );
    const id = await rig.store(readFileSync(join(folder, "a.mp4")), "c.mp4");
    await owner.query("update sworn.evidence set person_id = $1 where id = $2", [officer?.personId, id]);
    await rig.settled(id, ({ media }) => media.state === "ready");
    await ask(custodian, "POST", "evidence/classify", { ids: [id], add: [categoryId] });
    const still = await make({ kind: "snapshot", fromMs: 1000 }, id);
    await ended(still.id);
    const item = await ask<Evidence>(officer, "GET", `evidence/${still.id}`);
    expect(item).toMatchObject({ categories: [{ id: categoryId }], restricted: null });
    const status = async (who: Principal | undefined, path: string): Promise<number> =>
      (await ask<object>(who, "GET", path)).status;

    // Longer for the original is longer for the still, and a hold on the one holds the other.
    await ask(custodian, "POST", "evidence/classify", { ids: [still.id], remove: [categoryId] });
    expect(await ask(custodian, "GET", `evidence/${still.id}/retention`)).toMatchObject({
      follows: null,
      keepUntil: null,
    });
    const hold = { evidenceIds: [id], reason: "Suit", ownerId: officer?.personId, reviewOn: "2099-01-01" };
    await ask(custodian, "POST", "holds", hold);

    const restricted = await ask(custodian, "POST", "evidence/restrict", { ids: [id], classId, reason: "Complaint" });
    expect(restricted.status).toBe(200);
    for (const who of [custodian, officer])
      for (const path of [
        `evidence/${still.id}`,
        `evidence/${still.id}/media`,
        `evidence/${id}/family`,
        `renderings/${still.id}`,
      ])
        expect(await status(who, path), path).toBe(404);
    expect(await details(still.id, "evidence.restricted")).toMatchObject([
      { class: classId, before: null, follows: id },
    ]);

    const member = { ...(custodian as Principal), scope: { units: "all", classes: [classId] } } as const;
    expect(await status(member, `evidence/${still.id}`)).toBe(200);
    const alone = await ask<{ code: string }>(member, "POST", "evidence/restrict", {
      ids: [still.id],
      classId: null,
      reason: "No",
    });
    expect(alone).toMatchObject({ status: 400, code: "request-malformed" });
    // The database itself refuses to commit anything else, whoever writes it.
    const app = rig.intake.database.forAgency(agencyId, (tx) =>
      tx.updateTable("sworn.evidence").set({ restricted_class_id: null }).where("id", "=", still.id).execute(),
    );
    await expect(app).rejects.toThrow("same class");
    await ask(member, "POST", "evidence/restrict", { ids: [id], classId: null, reason: "Closed" });
    expect(await status(officer, `evidence/${still.id}`)).toBe(200);

    // Restricted by itself: who sees the original hears of it nowhere.
    await ask(member, "POST", "evidence/restrict", { ids: [still.id], classId, reason: "A face" });
    const told = async (who: Principal | undefined): Promise<(string | null)[]> => [
      ...(await ask<{ items: Rendering[] }>(who, "GET", `evidence/${id}/renderings`)).items.map((each) => each.id),
      ...(await ask<MarkerList>(who, "GET", `evidence/${id}/markers`)).items.map((marker) => marker.derivativeId),
    ];
    expect(await told(member)).toEqual([still.id, still.id]);
    expect(await told(officer)).toEqual([null]);
    for (const [method, path] of [
      ["GET", ""],
      ["POST", "/cancel"],
      ["POST", "/retry"],
    ] as const)
      expect((await ask(officer, method, `renderings/${still.id}${path}`)).status, path).toBe(404);
  });

  it("gets nothing of what was asked for before the right was lost", async () => {
    hangs = true;
    const { id } = await make({ kind: "clip", fromMs: 0, toMs: 3000 });
    await vi.waitFor(
      async () => expect((await ask<Rendering>(custodian, "GET", `renderings/${id}`)).state).toBe("running"),
      20_000,
    );
    const owner = await rig.intake.test.owner();
    await owner.query("update sworn.person set disabled_at = now() where id = $1", [officer?.personId]);
    await ask(custodian, "POST", `renderings/${id}/cancel`);
    hangs = false;
    await ask(custodian, "POST", `renderings/${id}/retry`);
    expect(await ended(id)).toMatchObject({ state: "failed", code: "not-found" });
    expect(existsSync(join(folder, `${id}.bin`))).toBe(false);
    await owner.query("update sworn.person set disabled_at = null where id = $1", [officer?.personId]);
  });
});

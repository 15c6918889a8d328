import { randomUUID } from "node:crypto";
import { SMTPServer } from "smtp-server";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { loginConfig } from "../../adapters/postgres/index.ts";
import { openQueue } from "../../adapters/queue/index.ts";
import { openSmtp } from "../../adapters/smtp/index.ts";
import type { Jobs } from "../../ports/jobs.ts";
import type { Mail } from "../../ports/mail.ts";
import type { Notice, Notify } from "../../ports/notify.ts";
import { createTestLog, type TestLog } from "../custody/testing.ts";
import { compose, linkTo } from "./compose.ts";
import { type MailDeps, makeNotify, workLetters } from "./index.ts";
import { openText, sealText } from "./seal-text.ts";

interface Received {
  readonly from: string;
  readonly to: readonly string[];
  readonly raw: string;
}
let log: TestLog;
let jobs: Jobs;
let mail: Mail;
let server: SMTPServer;
let deps: MailDeps;
let notify: Notify;
let agency = "";
const received: Received[] = [];
/** Answers to the next recipients, before they are taken. */
const refusals: { code: number }[] = [];
let tries = 0;

beforeAll(async () => {
  log = await createTestLog();
  agency = await log.db.agency("Harbor <Police>");
  server = new SMTPServer({
    authOptional: true,
    disabledCommands: ["STARTTLS"],
    onRcptTo(_address, _session, done) {
      tries += 1;
      const refused = refusals.shift();
      done(refused === undefined ? null : Object.assign(new Error("not taken"), { responseCode: refused.code }));
    },
    onData(stream, session, done) {
      const parts: Buffer[] = [];
      stream.on("data", (part: Buffer) => parts.push(part));
      stream.on("end", () => {
        const { mailFrom, rcptTo } = session.envelope;
        received.push({
          from: mailFrom === false ? "" : mailFrom.address,
          to: rcptTo.map(({ address }) => address),
          raw: Buffer.concat(parts).toString("utf8"),
        });
        done();
      });
    },
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const at = server.server.address();
  const port = typeof at === "object" && at !== null ? at.port : 0;
  mail = openSmtp({ url: `smtp://127.0.0.1:${port}`, sender: "sworn@demo.example" });
  jobs = await openQueue({
    connection: loginConfig(log.db.ownerConfig, "sworn_app", log.db.loginSecret),
    log: log.deps.log,
    pollSeconds: 0.5,
  });
  const secret = new Uint8Array(32).fill(7);
  const publicUrl = (): string => "https://sworn.demo.example";
  deps = { database: log.db.database, jobs, clock: log.deps.clock, log: log.deps.log, mail, secret, publicUrl };
  notify = makeNotify(deps);
  await workLetters(deps);
}, 60_000);
afterAll(async () => {
  await jobs.stop();
  mail.close();
  await new Promise<void>((resolve) => server.close(() => resolve()));
  await log.close();
});

async function person(
  of: { name?: string; language?: string; mentions?: boolean; roles?: string[] } = {},
): Promise<string> {
  const id = randomUUID();
  await (
    await log.db.owner()
  ).query(
    `insert into sworn.person (id, agency_id, name, email, roles, language, mail_mentions) values ($1, $2, $3, $4, $5, $6, $7)`,
    [
      id,
      agency,
      of.name ?? "Ofc. Adair",
      `${id}@demo.example`,
      of.roles ?? ["custodian"],
      of.language ?? null,
      of.mentions ?? true,
    ],
  );
  return id;
}
const tell = (notice: Notice): Promise<void> => log.db.database.forAgency(agency, (tx) => notify(tx, agency, notice));
const letters = async (address: string): Promise<Received[]> =>
  await vi.waitFor(
    () => {
      const found = received.filter(({ to }) => to.includes(address));
      expect(found).not.toEqual([]);
      return found;
    },
    { timeout: 30_000, interval: 50 },
  );
const rows = async (of: string): Promise<Record<string, unknown>[]> =>
  (await (await log.db.owner()).query<Record<string, unknown>>(`select * from sworn.letter where ${of}`)).rows;
const ended = async (personId: string): Promise<Record<string, unknown> | undefined> =>
  await vi.waitFor(
    async () => {
      const [row] = await rows(`person_id = '${personId}'`);
      expect(row?.["state"]).not.toBe("waiting");
      return row;
    },
    { timeout: 30_000, interval: 50 },
  );
const until = new Date("2026-12-03T15:00:00Z");
/** Long lines are folded for the wire. */
const unfolded = (raw: string): string => raw.replaceAll("=\r\n", "").replaceAll("=3D", "=");

describe("a letter", () => {
  it("takes an invitation's link to the invited over SMTP, and keeps it nowhere", async () => {
    const url = "https://sworn.demo.example/invitation#token=sworn_invite_secret";
    const to = { name: "J. Adair", email: "invited@demo.example" };
    await tell({ kind: "invited", to, url, until, language: null });
    const [letter] = await letters("invited@demo.example");
    expect(letter?.from).toBe("sworn@demo.example");
    const text = unfolded(letter?.raw ?? "");
    expect(text).toContain(url);
    expect(text).toContain("Harbor &lt;Police&gt;");
    expect(text).toMatch(/^Auto-Submitted: auto-generated\r$/m);
    await vi.waitFor(async () =>
      expect(await rows("kind = 'invited'")).toMatchObject([{ state: "sent", secret: null }]),
    );
    expect(JSON.stringify(await rows("true"))).not.toContain("sworn_invite_secret");
  });

  it("is in the reader's language, with one link that leads here, and says nothing of what it is about", async () => {
    const id = await person({ language: "es" });
    const [by, evidence] = [await person({ name: "P. Moreno" }), randomUUID()];
    await (
      await log.db.owner()
    ).query(
      `insert into sworn.evidence (id, agency_id, title, kind, state, size) values ($1, $2, 'Secret title', 'video', 'stored', 10)`,
      [evidence, agency],
    );
    await tell({ kind: "mentioned", personId: id, evidenceId: evidence, byId: by });
    const [letter] = await letters(`${id}@demo.example`);
    const text = unfolded(letter?.raw ?? "");
    expect(text).toContain("P. Moreno");
    expect(text).toContain("Abrir la evidencia");
    expect(text).toContain(`https://sworn.demo.example/evidence/${evidence}`);
    expect(text).not.toContain("Secret title");
  });

  it("is not sent to whom it may not be told any more, or who asked for none", async () => {
    const [blind, silent, byId] = [
      await person({ roles: ["trainer"] }),
      await person({ mentions: false }),
      await person(),
    ];
    for (const personId of [blind, silent]) {
      await tell({ kind: "mentioned", personId, evidenceId: randomUUID(), byId });
      expect(await ended(personId)).toMatchObject({ state: "dropped" });
    }
    const outside = await person({ roles: ["defence"] });
    await tell({ kind: "shared", personId: outside, shareId: randomUUID(), until });
    expect(await ended(outside)).toMatchObject({ state: "dropped" });
    // Whose sign-in was locked is told to who manages people when the letter leaves, not to who did when it was written.
    const was = await person({ roles: ["officer"] });
    await tell({ kind: "locked-out", personId: was, until, about: silent });
    expect(await ended(was)).toMatchObject({ state: "dropped" });
    expect(
      received.filter(({ to }) => to.some((each) => [blind, silent, outside].includes(each.split("@")[0] ?? ""))),
    ).toEqual([]);
  });

  it("is tried again where the server was busy, and never where it refused", async () => {
    const [later, never] = [await person(), await person()];
    const before = tries;
    refusals.push({ code: 550 });
    await tell({ kind: "locked-out", personId: never, until });
    expect(await ended(never)).toMatchObject({ state: "refused", why: "the mail server answered 550" });
    expect(tries - before).toBe(1);
    refusals.push({ code: 451 });
    await tell({ kind: "locked-out", personId: later, until });
    await vi.waitFor(() => expect(tries - before).toBe(2), { timeout: 30_000 });
    const owner = await log.db.owner();
    await vi.waitFor(
      async () => {
        // Half a minute from now: the test does not wait for it.
        await owner.query("update jobs.job set start_after = now() where name = 'mail' and state = 'retry'");
        expect(received.some(({ to }) => to.includes(`${later}@demo.example`))).toBe(true);
      },
      { timeout: 30_000, interval: 200 },
    );
    expect(await ended(later)).toMatchObject({ state: "sent" });
  });

  it("holds no header, recipient or paragraph that somebody wrote into a name", async () => {
    const evil = "Eve\r\nBcc: victim@demo.example\r\n\r\n<script>alert(1)</script>";
    const id = await person({ name: evil });
    await tell({ kind: "locked-out", personId: id, until });
    const [letter] = await letters(`${id}@demo.example`);
    expect(letter?.to).toEqual([`${id}@demo.example`]);
    const [head = ""] = (letter?.raw ?? "").split("\r\n\r\n");
    expect(head).not.toMatch(/^bcc:/im);
    const html = unfolded(letter?.raw ?? "").split("Content-Type: text/html")[1];
    expect(html).toContain("&lt;script&gt;");
    expect(html).not.toContain("<script>");
    const to = { name: "Eve", email: "a@demo.example,victim@demo.example" };
    await tell({ kind: "invited", to, url: "https://sworn.demo.example/x", until, language: null });
    await vi.waitFor(
      async () => expect(await rows(`address like 'a@%'`)).toMatchObject([{ state: "refused", secret: null }]),
      { timeout: 30_000 },
    );
    expect(received.flatMap(({ to: all }) => all)).not.toContain("victim@demo.example");
  });

  it("waits for its day, and is one of few to one address", async () => {
    const id = await person();
    const at = new Date(Date.now() + 86_400_000);
    await tell({ kind: "share-ending", personId: id, shareId: randomUUID(), until, at });
    const owner = await log.db.owner();
    const { rows: waiting } = await owner.query<{ start: Date }>(
      `select start_after as start from jobs.job where name = 'mail' and data->>'id' = (select id::text from sworn.letter where person_id = $1)`,
      [id],
    );
    expect(waiting[0]?.start.getTime()).toBeGreaterThan(Date.now() + 80_000_000);
    for (let n = 0; n < 70; n += 1)
      await tell({ kind: "share-ending", personId: id, shareId: randomUUID(), until, at });
    expect(await rows(`person_id = '${id}'`)).toHaveLength(60);
  });

  it("is not used up by strangers who lock accounts", async () => {
    const id = await person();
    for (let n = 0; n < 61; n += 1) await tell({ kind: "locked-out", personId: id, until });
    const at = new Date(Date.now() + 86_400_000);
    await tell({ kind: "share-ending", personId: id, shareId: randomUUID(), until, at });
    const kinds = (await rows(`person_id = '${id}'`)).map(({ kind }) => kind);
    expect(kinds.filter((kind) => kind === "locked-out")).toHaveLength(10);
    expect(kinds).toContain("share-ending");
  });
});

it("nothing is written where this deployment sends no mail", async () => {
  const id = await person();
  const silent = makeNotify({ ...deps, mail: null });
  await log.db.database.forAgency(agency, (tx) => silent(tx, agency, { kind: "locked-out", personId: id, until }));
  expect(await rows(`person_id = '${id}'`)).toEqual([]);
});

it("a link that would lead elsewhere is refused, a sealed text opens for its own letter alone", () => {
  for (const path of ["https://elsewhere.example/x", "//elsewhere.example", "javascript:alert(1)"])
    expect(() => linkTo("https://sworn.demo.example", path)).toThrow("must lead to this server");
  expect(linkTo("https://sworn.demo.example", "/evidence/1")).toBe("https://sworn.demo.example/evidence/1");
  const key = new Uint8Array(32).fill(1);
  const [one, two] = [randomUUID(), randomUUID()];
  expect(openText(key, one, sealText(key, one, "x#y"))).toBe("x#y");
  expect(() => openText(key, two, sealText(key, one, "x#y"))).toThrow(/auth/i);
});

it.each(["en", "es"] as const)(
  "every kind of letter says something in %s, and the HTML fetches nothing",
  (language) => {
    for (const kind of ["invited", "shared", "share-ending", "mentioned", "locked-out"] as const) {
      const facts = { agency: "A & B", until: "3 December", person: "P. Moreno" };
      const to = { name: "J. Adair", address: "a@demo.example" };
      const draft = {
        kind,
        language,
        to,
        facts,
        link: "https://sworn.demo.example/",
        fromName: "A",
        accent: "#000000",
      };
      const { subject, text, html } = compose(draft);
      expect(subject.length).toBeGreaterThan(10);
      expect(text).toContain("J. Adair");
      expect(html).not.toMatch(/<(img|script|link|iframe|form)\b|url\(|A & B/);
    }
  },
);

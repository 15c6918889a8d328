import type {
  CaseShares,
  CustodyHistory,
  Evidence,
  MadeShare,
  Role,
  SharedWithMeList,
  Share,
  ShareList,
} from "@sworn/contract";
import { commitEvent, equalBytes, parseEvent, verifyHistory } from "@sworn/core";
import { nodeSha256 } from "@sworn/core/node";
import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openSharingRig, type SharingRig } from "./sharing.testing.ts";

let rig: SharingRig;
let [admin, custodian, supervisor, prosecutor, defence, other] = ["", "", "", "", "", ""];
beforeAll(async () => {
  rig = await openSharingRig();
  const person = (...roles: Role[]): Promise<string> => rig.person(roles);
  [admin, custodian, supervisor] = [await person("admin"), await person("custodian"), await person("supervisor")];
  [prosecutor, defence, other] = [await person("prosecutor"), await person("defence"), await person("defence")];
}, 60_000);
afterAll(async () => await rig.close());

const DAY = 24 * 60 * 60 * 1000;
const inDays = (days: number): string => new Date(rig.time.now + days * DAY).toISOString();
async function share(who: string, of: Partial<Parameters<typeof rig.share>[1]>): Promise<MadeShare> {
  const { status, body } = await rig.share(who, { expiresAt: inDays(30), personIds: [defence], ...of });
  expect(status, JSON.stringify(body)).toBeLessThan(300);
  return body;
}
const history = async (who: string, id: string): Promise<CustodyHistory> =>
  (await rig.ask<CustodyHistory>(who, "GET", `/api/v1/evidence/${id}/custody`)).body;

describe("a share", () => {
  it("shows its items to those it names until it ends, and nothing else to anybody", async () => {
    const [given, kept] = [await rig.item(), await rig.item()];
    expect((await rig.ask(defence, "GET", `/api/v1/evidence/${given}`)).status).toBe(404);
    const preview = await share(custodian, { evidenceIds: [given, randomUUID()], dryRun: true });
    expect(preview).toMatchObject({
      shareId: null,
      shared: [{ id: given }],
      people: [{ id: defence, role: "defence" }],
    });
    expect(preview.missing).toHaveLength(1);
    expect(await rig.sees(defence)).toEqual([]);

    const { shareId } = await share(custodian, { evidenceIds: [given], message: "For the hearing of 3 December" });
    expect(await rig.sees(defence)).toEqual([given]);
    for (const who of [other, prosecutor]) expect(await rig.sees(who)).toEqual([]);
    expect((await rig.ask<Evidence>(defence, "GET", `/api/v1/evidence/${given}`)).body.id).toBe(given);
    expect((await rig.ask(defence, "GET", `/api/v1/evidence/${kept}`)).status).toBe(404);
    expect((await rig.ask(defence, "GET", "/api/v1/evidence/totals")).body).toMatchObject({ items: 1 });
    expect((await rig.ask(defence, "GET", "/api/v1/evidence/facets")).body).toMatchObject({ counted: 1 });
    const told = (await rig.ask<SharedWithMeList>(defence, "GET", "/api/v1/shared-with-me")).body.items;
    expect(told).toMatchObject([
      { id: shareId, items: 1, mayDownload: false, message: "For the hearing of 3 December" },
    ]);
    expect(JSON.stringify(told)).not.toContain("Discovery"); // why, is the agency's
    expect((await rig.ask(other, "GET", "/api/v1/shared-with-me")).body).toEqual({ items: [] });
    expect(await rig.sees(defence, `share=${shareId ?? ""}`)).toEqual([given]);
    expect(await rig.sees(defence, `share=${randomUUID()}`)).toEqual([]);

    rig.time.now += 31 * DAY;
    expect(await rig.sees(defence)).toEqual([]);
    expect((await rig.ask(defence, "GET", `/api/v1/evidence/${given}`)).status).toBe(404);
    expect((await rig.ask<Share>(custodian, "GET", `/api/v1/shares/${shareId ?? ""}`)).body.state).toBe("expired");
    const late = await rig.ask(custodian, "POST", `/api/v1/shares/${shareId ?? ""}/revoke`, { reason: "Late" });
    expect(late).toMatchObject({ status: 409, body: { code: "share-ended" } });
  });

  it("ends at once when it is revoked, and the log and the checker know", async () => {
    const item = await rig.item();
    const { shareId } = await share(supervisor, { evidenceIds: [item], personIds: [defence, prosecutor] });
    expect(await rig.sees(prosecutor)).toContain(item);
    const revoke = (): Promise<{ status: number; body: object }> =>
      rig.ask(custodian, "POST", `/api/v1/shares/${shareId ?? ""}/revoke`, { reason: "Wrong item" });
    expect((await revoke()).body).toMatchObject({ state: "revoked", revokeReason: "Wrong item" });
    expect(await revoke()).toMatchObject({ status: 409, body: { code: "share-ended" } });
    for (const who of [defence, prosecutor]) expect(await rig.sees(who)).not.toContain(item);
    expect((await rig.events(item)).map(({ kind, reason }) => [kind, reason])).toEqual([
      ["share.made", "Discovery"],
      ["share.revoked", "Wrong item"],
    ]);
  });

  it("leaves out what is restricted unless somebody who may gives it, and what is restricted later is gone", async () => {
    const [open, secret] = [await rig.item(), await rig.item()];
    const affairs = await rig.restrictedClass([custodian, supervisor]);
    await rig.restrict(secret, affairs);
    const ids = [open, secret];
    expect(await share(custodian, { evidenceIds: ids })).toMatchObject({
      shared: [{ id: open }],
      restricted: [{ id: secret, allowed: true }],
    });
    // A supervisor of the class sees it, and may not give it away.
    const asked = { evidenceIds: [secret], includeRestricted: true };
    expect(await share(supervisor, asked)).toMatchObject({ shareId: null, restricted: [{ allowed: false }] });
    expect(await rig.sees(defence)).not.toContain(secret);
    await share(custodian, asked);
    expect(await rig.sees(defence)).toEqual(expect.arrayContaining(ids));
    // Not a member: neither the item nor that it was shared.
    const records = await rig.person(["records"]);
    expect((await rig.ask(records, "GET", `/api/v1/shares?evidence=${secret}`)).status).toBe(404);
    expect((await share(records, { evidenceIds: [secret] })).missing).toEqual([secret]);

    await rig.restrict(open, affairs);
    await rig.restrict(secret, await rig.restrictedClass([custodian]));
    expect(await rig.sees(defence)).toEqual([]);
  });

  it("to look at is not to keep", async () => {
    const item = await rig.item();
    await share(custodian, { evidenceIds: [item] });
    const get = (path: string): Promise<{ status: number; body: object }> => rig.ask(defence, "GET", path);
    const media = `/api/v1/evidence/${item}/media`;
    expect(await get(`${media}?download=1`)).toMatchObject({ status: 403, body: { code: "not-allowed" } });
    expect((await get(media)).status).toBe(404); // no bytes behind the row of this test, and no refusal either
    await share(custodian, { evidenceIds: [item], mayDownload: true });
    expect((await get(`${media}?download=1`)).status).toBe(404);
  });

  it("goes to people outside who can sign in, for at most five years, with a reason", async () => {
    const evidenceIds = [await rig.item()];
    const refused = async (of: object): Promise<void> => {
      const answer = await rig.share(custodian, { evidenceIds, personIds: [defence], expiresAt: inDays(30), ...of });
      expect(answer, JSON.stringify(of)).toMatchObject({ status: 400, body: { code: "request-malformed" } });
    };
    const gone = await rig.person(["defence"], { disabled: true });
    for (const personIds of [[supervisor], [gone], [defence, randomUUID()], []]) await refused({ personIds });
    for (const expiresAt of [inDays(-1), inDays(5 * 367), "soon"]) await refused({ expiresAt });
    for (const reason of ["", " ", "x".repeat(1001), "\0"]) await refused({ reason });
    await refused({ evidenceIds: [] });
    await refused({ message: "x".repeat(2001) });
  });

  it("is known to whoever sees one of its items, with those; to who manages people without any", async () => {
    const unit = await rig.unit();
    const sergeant = await rig.person(["supervisor"], { unitId: unit });
    const [theirs, elsewhere] = [await rig.item({ unitId: unit }), await rig.item()];
    const { shareId } = await share(custodian, { evidenceIds: [theirs, elsewhere] });
    const { shareId: hidden } = await share(custodian, { evidenceIds: [elsewhere] });
    const list = async (who: string): Promise<Map<string, number | null>> => {
      const { body } = await rig.ask<ShareList>(who, "GET", "/api/v1/shares?state=active&limit=200");
      return new Map(body.items.map(({ id, items }) => [id, items]));
    };
    const seen = await list(sergeant);
    expect([seen.get(shareId ?? ""), seen.has(hidden ?? "")]).toEqual([1, false]);
    expect((await list(custodian)).get(shareId ?? "")).toBe(2);
    expect((await list(admin)).get(shareId ?? "")).toBeNull();
    for (const [method, path] of [
      ["GET", `/api/v1/shares/${hidden ?? ""}`],
      ["POST", `/api/v1/shares/${hidden ?? ""}/revoke`],
    ] as const)
      expect((await rig.ask(sergeant, method, path, { reason: "Mine?" })).status, path).toBe(404);
    const pages: string[] = [];
    for (let next = ""; ;) {
      const { body } = await rig.ask<ShareList>(custodian, "GET", `/api/v1/shares?limit=2${next}`);
      pages.push(...body.items.map(({ id }) => id));
      if (body.next === null) break;
      next = `&next=${body.next}`;
    }
    expect(pages).toContain(hidden);
    expect(new Set(pages).size).toBe(pages.length);
    expect((await rig.ask(custodian, "GET", "/api/v1/shares?next=made-up")).status).toBe(400);
  });

  it("that was revoked stays so, whatever the application's login does", async () => {
    const { shareId } = await share(custodian, { evidenceIds: [await rig.item()] });
    await rig.ask(custodian, "POST", `/api/v1/shares/${shareId ?? ""}/revoke`, { reason: "Ended" });
    const changed = await rig.log.db.database.forAgency(rig.agencyId, (tx) =>
      tx
        .updateTable("sworn.share")
        .set({ revoked_at: null, revoke_reason: null })
        .where("id", "=", shareId ?? "")
        .executeTakeFirst(),
    );
    expect(changed.numUpdatedRows).toBe(0n);
  });
});

describe("one item's history", () => {
  it("opens for each side what is its own, seals what the others watch, and holds for all of them", async () => {
    const item = await rig.item();
    await rig.say(item, "evidence.stored");
    await share(custodian, { evidenceIds: [item], personIds: [defence, prosecutor] });
    const readers = { agency: custodian, prosecution: prosecutor, defence };
    for (const who of Object.values(readers)) await history(who, item);
    await rig.publish();
    const opened: Record<string, string[]> = {};
    const commitments: string[][] = [];
    for (const [side, who] of Object.entries(readers)) {
      const { entries, subject } = await history(who, item);
      commitments.push(entries.map(({ commitment }) => commitment));
      opened[side] = entries.flatMap(({ kind, sealed }) => (sealed ? [] : [kind ?? ""]));
      for (const { sealed, kind, at, event, salt, sentence, actor, proof, index } of entries) {
        expect([kind, at, event, salt, sentence, actor].some((value) => value === null)).toBe(sealed);
        expect([kind, at, event, salt, sentence, actor].every((value) => value === null)).toBe(sealed);
        expect([proof === null, index === null]).toEqual([false, false]);
      }
      const bytes = (hex: string): Uint8Array => new Uint8Array(Buffer.from(hex, "hex"));
      const held = entries.map(({ n, index, commitment, event, salt }) => ({
        n,
        index: index ?? -1,
        commitment: bytes(commitment),
        ...(event === null || salt === null ? {} : { opened: { event: parseEvent(event), salt: bytes(salt) } }),
      }));
      expect(verifyHistory(subject, held)).toEqual({
        opened: opened[side]?.length,
        withheld: 5 - (opened[side]?.length ?? 0),
      });
      for (const entry of held)
        if (entry.opened !== undefined)
          expect(equalBytes(commitEvent(entry.opened.event, entry.opened.salt, nodeSha256), entry.commitment)).toBe(
            true,
          );
    }
    expect(opened).toEqual({
      agency: ["evidence.stored", "share.made", "evidence.custody-read"],
      prosecution: ["evidence.stored", "evidence.custody-read"],
      defence: ["evidence.stored", "evidence.custody-read"],
    });
    // The same entries for all of them: nobody is shown fewer.
    expect(new Set(commitments.map((list) => list.join())).size).toBe(1);
    expect(await rig.auditorSees(item)).toEqual(opened["agency"]);
  });
});

describe("a case", () => {
  it("is shared as it stands in one act; what is added since is shown and given by another, and one word ends all", async () => {
    const owner = await rig.log.db.owner();
    const caseId = randomUUID();
    await owner.query(
      "insert into sworn.case_file (id, agency_id, number, title, created_by) values ($1, $2, 'C-118', 'Elm Street', $3)",
      [caseId, rig.agencyId, custodian],
    );
    const gather = async (item: string): Promise<string> => {
      await owner.query(
        "insert into sworn.case_evidence (case_id, evidence_id, agency_id, added_by, added_at) values ($1, $2, $3, $4, now())",
        [caseId, item, rig.agencyId, custodian],
      );
      return item;
    };
    const [one, two] = [await gather(await rig.item()), await gather(await rig.item())];
    const outsideIt = await rig.item();
    const reader = await rig.person(["defence"]);
    const made = await share(custodian, { caseId, personIds: [reader] });
    expect(made.shared.map(({ id }) => id).toSorted()).toEqual([one, two].toSorted());
    expect((await rig.sees(reader)).toSorted()).toEqual([one, two].toSorted());
    const withMe = async (): Promise<SharedWithMeList["items"]> =>
      (await rig.ask<SharedWithMeList>(reader, "GET", "/api/v1/shared-with-me")).body.items;
    expect(await withMe()).toMatchObject([{ items: 2, case: { id: caseId, number: "C-118", title: "Elm Street" } }]);
    expect((await rig.ask(reader, "GET", `/api/v1/cases/${caseId}/shares`)).status).toBe(403);

    // Frozen: added later, it is not theirs until it is given.
    const three = await gather(await rig.item());
    expect(await rig.sees(reader)).not.toContain(three);
    const of = async (): Promise<CaseShares> =>
      (await rig.ask<CaseShares>(custodian, "GET", `/api/v1/cases/${caseId}/shares`)).body;
    expect(await of()).toMatchObject({
      shares: [{ state: "active", case: { id: caseId } }],
      unshared: [{ id: three }],
    });
    const added = await share(custodian, { caseId, evidenceIds: [three, outsideIt], personIds: [reader] });
    expect([added.shared.map(({ id }) => id), added.missing]).toEqual([[three], [outsideIt]]);
    expect((await of()).unshared).toEqual([]);
    // Taken out of the case, it stays what was shared.
    await owner.query("delete from sworn.case_evidence where case_id = $1 and evidence_id = $2", [caseId, one]);
    expect(await rig.sees(reader)).toContain(one);

    const end = await rig.ask<{ ended: string[] }>(custodian, "POST", `/api/v1/cases/${caseId}/shares/revoke`, {
      reason: "Plea entered",
    });
    expect(end.body.ended).toHaveLength(2);
    expect(await rig.sees(reader)).toEqual([]);
    expect(await withMe()).toEqual([]);
    for (const item of [one, two, three])
      expect((await rig.events(item)).map(({ kind }) => kind)).toEqual(["share.made", "share.revoked"]);
    // Who does not see the case shares nothing by it, and is told what is told of none.
    const stranger = await rig.person(["supervisor"], { unitId: await rig.unit() });
    const asked = { personIds: [reader], expiresAt: inDays(3) };
    for (const id of [caseId, randomUUID()])
      expect((await rig.share(stranger, { ...asked, caseId: id })).status).toBe(404);
    expect((await rig.share(custodian, asked)).status).toBe(400);
  });
});

import { randomUUID } from "node:crypto";
import type { Role } from "@sworn/contract";
import type { Insertable } from "kysely";
import type { Principal } from "../../ports/http.ts";
import { invite } from "../identity/index.ts";
import { classify, createCategory, placeHolds, releaseHolds, restrict } from "../retention/index.ts";
import type { PersonTable } from "../../ports/tables.ts";
import { append } from "../custody/index.ts";
import { makeDelegation } from "../delegations/index.ts";
import { makeShare } from "../sharing/make-share.ts";
import { changePolicy } from "../sign-in/index.ts";
import { changeMember, createClass, createUnit } from "../units/index.ts";
import type { TestDeployment } from "./testing.ts";

/** Ids of what an agency made of its people and its items. */
export interface Organised {
  readonly item: string;
  readonly borough: string;
  readonly precinct: string;
  readonly category: string;
  readonly otherCategory: string;
  readonly restricted: string;
  readonly hold: string;
  readonly endedHold: string;
  readonly invitation: string;
  readonly share: string;
  readonly delegation: string;
}

/** Units, categories, a restricted class with a member, and an item that has something of everything. */
export async function organise(
  d: TestDeployment,
  agencyId: string,
  personId: string,
  evidenceId: string,
): Promise<Organised> {
  const scope = { units: "all", classes: [] } as const;
  const roles = ["custodian"] as const;
  const who: Principal = { kind: "person", actorId: personId, agencyId, roles, personId, deviceId: null, scope };
  const deps = { ...d, database: d.db.database, clock: d.custody.clock, jobs: noJobs };
  const url = { publicUrl: () => "http://127.0.0.1" };
  const person = { name: "Ofc. Brandt", email: "brandt@elm.example", unitId: null, days: 7 };
  const { invitation } = await invite(
    { ...deps, ...url },
    { ...who, personId: null },
    { ...person, roles: ["officer"] },
  );
  return await d.db.database.forAgency(agencyId, async (tx) => {
    await changePolicy(tx, deps, who, { idleMinutes: 15 });
    await changePolicy(tx, deps, who, { secondFactor: ["admin", "custodian"], notice: "Authorised use only." });
    const borough = await createUnit(tx, deps, who, { name: "North", parentId: null });
    const precinct = await createUnit(tx, deps, who, { name: "7th", parentId: borough.id });
    const restricted = await createClass(tx, deps, who, { name: "Internal affairs", contact: "" });
    await changeMember(tx, deps, who, { classId: restricted.id, personId, member: true });
    const day = { count: 90, unit: "day" } as const;
    const category = await createCategory(tx, deps, who, { name: "Traffic stop", keep: day, restrictedClassId: null });
    const other = await createCategory(tx, deps, who, { name: "Force", keep: "indefinite", restrictedClassId: null });
    const ids = [evidenceId];
    await classify(tx, deps, who, { ids, add: [category.id, other.id], remove: [], dryRun: false });
    await classify(tx, deps, who, { ids, add: [], remove: [other.id], dryRun: false });
    const hold = { evidenceIds: ids, reason: "Civil suit 26-118", ownerId: personId, reviewOn: "2027-06-01" };
    const holds = [await placeHolds(tx, deps, who, hold), await placeHolds(tx, deps, who, hold)];
    const [lasting = "", ended = ""] = holds.map(({ placed }) => placed[0]?.holdId);
    await releaseHolds(tx, deps, who, { holdIds: [ended], reason: "Settled for $& and $$, none" });
    const enrol = async (name: string, role: Role): Promise<string> => {
      const row = { ...personRow(agencyId), name, email: `${role}@demo.example`, roles: [role] };
      const { id } = await tx.insertInto("sworn.person").values(row).returning("id").executeTakeFirstOrThrow();
      const subject = { kind: "person", id } as const;
      await append(tx, d.custody, agencyId, {
        kind: "person.created",
        subject,
        actorId: personId,
        details: { roles: role },
      });
      return id;
    };
    const outside = await enrol("D. Marsh", "defence");
    const until = new Date(d.custody.clock.now() + 24 * 60 * 60 * 1000).toISOString();
    const lent = { toId: await enrol("Sgt. Okafor", "supervisor"), roles: ["custodian" as const], unitId: null };
    const delegation = await makeDelegation(tx, deps, who, { ...lent, until, reason: "Leave" });
    const share = await makeShare(tx, deps, who, {
      evidenceIds: ids,
      personIds: [outside],
      mayDownload: false,
      expiresAt: until,
      reason: "Discovery",
      message: "For the hearing",
      includeRestricted: false,
      dryRun: false,
    });
    await restrict(tx, deps, who, { ids, classId: restricted.id, reason: "Complaint", dryRun: false });
    return {
      item: evidenceId,
      borough: borough.id,
      precinct: precinct.id,
      category: category.id,
      otherCategory: other.id,
      restricted: restricted.id,
      hold: lasting,
      endedHold: ended,
      invitation: invitation.id,
      share: share.shareId ?? "",
      delegation: delegation.id,
    };
  });
}

const personRow = (agency_id: string): Insertable<PersonTable> => ({
  id: randomUUID(),
  agency_id,
  account_id: null,
  name: "",
  email: "",
  badge: null,
  unit_id: null,
  disabled_at: null,
  roles: [],
});

/** Nothing here changes a period, which alone asks for a job. */
const noJobs = {
  send: () => Promise.reject(new Error("no job was expected")),
  work: () => Promise.resolve(),
  counts: () => Promise.reject(new Error("not asked for here")),
  stop: () => Promise.resolve(),
};

import type { CustodyEvent } from "@sworn/core";

import type { Tx } from "../../ports/database.ts";
import { IDLE_MINUTES } from "../identity/index.ts";
import { readEvents } from "./check-rows.ts";
import type { Report } from "./finding.ts";

/** Who was invited as what, and what became of it, replayed from the log and held against the rows. */
export async function checkSignIn(tx: Tx, report: Report): Promise<void> {
  await checkPolicies(tx, report);
  const expected = new Map<string, { roles: string; state: string }>();
  const ended = new Map<string, string>();
  for await (const events of readEvents(tx, ["person.invited", "invitation.revoked", "person.created"]))
    for (const event of events) {
      const id = said(event, "invitation");
      if (id === null) continue;
      if (event.kind === "person.invited") expected.set(id, { roles: said(event, "roles") ?? "", state: "open" });
      else ended.set(id, event.kind === "invitation.revoked" ? "withdrawn" : `accepted by ${event.subject.id}`);
    }
  const rows = await tx
    .selectFrom("sworn.invitation")
    .select(["id", "roles", "person_id", "revoked_at"])
    .orderBy("id")
    .execute();
  for (const row of rows) {
    const logged = expected.get(row.id);
    if (logged === undefined) {
      report("row-unlogged", "sworn.invitation", row.id, `Invitation ${row.id} exists, but the log tells of none.`);
      continue;
    }
    const open = row.revoked_at === null ? "open" : "withdrawn";
    const is = `${row.roles.join(" ")}, ${row.person_id === null ? open : `accepted by ${row.person_id}`}`;
    const was = `${logged.roles}, ${ended.get(row.id) ?? logged.state}`;
    if (is !== was)
      report("row-altered", "sworn.invitation", row.id, `Invitation ${row.id} is "${is}"; the log says "${was}".`);
  }
}

/** What a sign-in needs and how soon an idle session locks, agency by agency. */
async function checkPolicies(tx: Tx, report: Report): Promise<void> {
  const logged = new Map<string, { minutes: number; secondFactor: string; notice: string }>();
  for await (const events of readEvents(tx, ["sign-in.policy-changed"]))
    for (const { subject, details } of events) {
      const before = logged.get(subject.id) ?? { minutes: IDLE_MINUTES, secondFactor: "", notice: "" };
      const {
        idleMinutes: minutes = before.minutes,
        secondFactor = before.secondFactor,
        notice = before.notice,
      } = details ?? {};
      if (typeof minutes === "number" && typeof secondFactor === "string" && typeof notice === "string")
        logged.set(subject.id, { minutes, secondFactor, notice });
    }
  const table = "sworn.sign_in_policy";
  const rows = await tx
    .selectFrom(table)
    .select(["agency_id", "idle_minutes", "second_factor", "notice"])
    .orderBy("agency_id")
    .execute();
  for (const { agency_id: id, idle_minutes: minutes, second_factor: roles, notice } of rows) {
    const was = logged.get(id);
    logged.delete(id);
    if (was === undefined)
      report("row-unlogged", table, id, `Agency ${id} has rules for its sessions that the log does not tell of.`);
    else if (was.minutes !== minutes)
      report(
        "row-altered",
        table,
        id,
        `Sessions of agency ${id} lock after ${minutes} minutes; the log says ${was.minutes}.`,
      );
    else if (was.secondFactor !== roles.join(" "))
      report(
        "row-altered",
        table,
        id,
        `In agency ${id} a second factor is needed by "${roles.join(" ")}"; the log says "${was.secondFactor}".`,
      );
    else if (was.notice !== notice)
      report("row-altered", table, id, `The notice for users of agency ${id} is not the one in the log.`);
  }
  for (const id of logged.keys())
    report("row-missing", table, id, `The rules for sessions of agency ${id} are gone, but the log tells of them.`);
}

function said({ details }: CustodyEvent, name: string): string | null {
  const value = details?.[name];
  return typeof value === "string" ? value : null;
}

import { sql } from "kysely";

import type { Tx } from "../../ports/database.ts";
import { readEvents } from "./check-rows.ts";
import type { Report } from "./finding.ts";

/** Who may do what is what the log last said: a person's roles, a revoked key or camera that stays revoked. */
export async function checkRoles(tx: Tx, report: Report): Promise<void> {
  const roles = new Map<string, string>();
  const disabled = new Set<string>();
  const units = new Map<string, string | null>();
  const badges = new Map<string, string | null>();
  /** Scopes of each key, as the log says; "" for all that its role may. */
  const keys = new Map<string, string>();
  const revoked = { "sworn.api_key": new Set<string>(), "sworn.device": new Set<string>() };
  for await (const events of readEvents(tx, [
    "person.created",
    "person.role-changed",
    "person.disabled",
    "person.enabled",
    "person.unit-changed",
    "person.badge-changed",
    "key.created",
    "key.revoked",
    "device.revoked",
  ])) {
    for (const { kind, subject, details } of events) {
      const badge = details?.["badge"];
      if (kind === "person.badge-changed" || (kind === "person.created" && typeof badge === "string"))
        badges.set(subject.id, typeof badge === "string" ? badge : null);
      if (kind === "key.created") {
        const scopes = details?.["scopes"];
        if (typeof details?.["key"] === "string") keys.set(details["key"], typeof scopes === "string" ? scopes : "");
      } else if (kind === "key.revoked") {
        if (typeof details?.["key"] === "string") revoked["sworn.api_key"].add(details["key"]);
      } else if (kind === "device.revoked") revoked["sworn.device"].add(subject.id);
      else if (kind === "person.disabled") disabled.add(subject.id);
      else if (kind === "person.enabled") disabled.delete(subject.id);
      else if (kind === "person.unit-changed")
        units.set(subject.id, typeof details?.["unitId"] === "string" ? details["unitId"] : null);
      else if (typeof details?.["roles"] === "string") roles.set(subject.id, details["roles"]);
    }
  }
  const people = tx.selectFrom("sworn.person").select(["id", "roles", "disabled_at", "unit_id", "badge"]);
  for (const row of await people.execute()) {
    // Whose calls and whose cameras are found by it.
    const badge = badges.get(row.id) ?? null;
    if (row.badge !== badge) {
      const sentence = `Person ${row.id} has ${row.badge === null ? "no badge" : `the badge ${row.badge}`}; the log says ${badge ?? "none"}.`;
      report("row-altered", "sworn.person", row.id, sentence);
    }
    if ((row.disabled_at !== null) !== disabled.has(row.id)) {
      const said = disabled.has(row.id) ? "disabled, and the row does not" : "not disabled, and the row does";
      report("row-altered", "sworn.person", row.id, `Person ${row.id}: the log says ${said}.`);
    }
    const unit = units.get(row.id) ?? null;
    if (row.unit_id !== unit) {
      const sentence = `Person ${row.id} belongs to ${row.unit_id ?? "no unit"}; the log says ${unit ?? "none"}.`;
      report("row-altered", "sworn.person", row.id, sentence);
    }
    const said = roles.get(row.id);
    if (said === undefined || said.split(" ").toSorted().join(" ") === row.roles.toSorted().join(" ")) continue;
    report(
      "row-altered",
      "sworn.person",
      row.id,
      `Person ${row.id} has the roles ${row.roles.join(", ")}; the log says ${said}.`,
    );
  }
  for (const [table, ids] of Object.entries(revoked)) {
    const { rows } = await sql<{ id: string; revoked: boolean }>`
      select id, revoked_at is not null as revoked from ${sql.raw(table)} order by id`.execute(tx);
    for (const row of rows.filter(({ id, revoked: is }) => is !== ids.has(id))) {
      const said = row.revoked
        ? "is revoked, but the log does not say so"
        : "was revoked, says the log, but its row does not";
      report("row-altered", table, row.id, `${table} ${row.id} ${said}.`);
    }
  }
  for (const { id, scopes } of await tx.selectFrom("sworn.api_key").select(["id", "scopes"]).execute()) {
    const said = keys.get(id);
    const has = scopes?.join(" ") ?? "";
    if (said === undefined)
      report("row-unlogged", "sworn.api_key", id, `Key ${id} exists, but the log does not say who made it.`);
    else if (said !== has)
      report("row-altered", "sworn.api_key", id, `Key ${id} has the scopes "${has}"; the log says "${said}".`);
  }
}

import type { Permission } from "@sworn/contract";
import { type RawBuilder, sql } from "kysely";
import type { Tx } from "../../ports/database.ts";
import type { Principal } from "../../ports/http.ts";
import { assertSeesIncident } from "../access/index.ts";

/** What incidents and cases have in common: papers, items, a timeline, and somebody who may not see them. */
export interface Matter {
  readonly kind: "incident" | "case";
  /** `/api/v1/incidents` */
  readonly path: string;
  readonly read: Permission;
  readonly write: Permission;
  /** `not-found` where it is not there or not theirs. */
  readonly assertSees: (tx: Tx, principal: Principal, id: string) => Promise<void>;
  /** A query of its items: evidence_id, how, added_by, added_at, opens; each once. */
  readonly itemsOf: (id: string) => RawBuilder<unknown>;
}

export const incidentMatter: Matter = {
  kind: "incident",
  path: "/api/v1/incidents",
  read: "incident.list",
  write: "incident.add",
  assertSees: assertSeesIncident,
  itemsOf: (id) => sql`select evidence_id, how, added_by, added_at, opens
    from sworn.incident_evidence where incident_id = ${id}`,
};

/** The column of notes and tasks that names it. */
export const columnOf = ({ kind }: Matter): "incident_id" | "case_id" => (kind === "case" ? "case_id" : "incident_id");

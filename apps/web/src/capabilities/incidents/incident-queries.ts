import { queryOptions } from "@tanstack/react-query";
import type { CaseClient, IncidentClient } from "@sworn/sdk";
import { queries, sworn } from "../../app/server.ts";

/** What the screens of incidents and of cases share. */
export interface MatterOf {
  readonly kind: "incident" | "case";
  readonly id: string;
}
export const clientOf = ({ kind }: MatterOf): IncidentClient | CaseClient =>
  kind === "incident" ? sworn.incidents : sworn.cases;

export const incidentQuery = (id: string) =>
  queryOptions({ queryKey: ["matters", "incident", id], queryFn: ({ signal }) => sworn.incidents.get(id, signal) });
export const caseQuery = (id: string) =>
  queryOptions({ queryKey: ["matters", "case", id], queryFn: ({ signal }) => sworn.cases.get(id, signal) });

/** Anything of an incident or a case changed: what shows them asks again, and so do the items that they hold. */
export async function refreshMatters(): Promise<void> {
  await Promise.all(["matters", "library", "evidence"].map((key) => queries.invalidateQueries({ queryKey: [key] })));
}

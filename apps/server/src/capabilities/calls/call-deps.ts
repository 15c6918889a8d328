import type { IncidentDeps } from "../incidents/index.ts";

export type CallDeps = IncidentDeps;

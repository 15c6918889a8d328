export { exitCodeOf, type Finding, type FindingCode, findingCodes } from "./finding.ts";
export type { OnProgress, Progress } from "./progress.ts";
export { type CheckDeps, runCheck } from "./run-check.ts";

export { EvidencePage } from "./evidence-page.tsx";
export { EvidenceState } from "./evidence-state.tsx";
export { evidenceQuery } from "./evidence-query.ts";

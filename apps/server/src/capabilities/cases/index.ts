export { caseMatter, evidenceOfCase, listEvidenceOfCase } from "./case-evidence.ts";
export { changeContents } from "./contents.ts";
export { readCase } from "./read-cases.ts";
export { caseRoutes } from "./routes.ts";
export { changeCase, createCase, factsOfCase } from "./write-case.ts";

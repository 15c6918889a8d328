export { ancestorsOf, descendantsOf } from "./family.ts";
export { readScope } from "./read-scope.ts";
export { unitOf } from "./unit-of.ts";
export { whoSees } from "./who-sees.ts";
export { uploaderMaySee } from "./uploader-may-see.ts";
export { assertSeesCase, assertSeesIncident, seesIncident, visibleCase, visibleIncident } from "./visible-matters.ts";
export { assertDownload, assertVisible, isOutside, maySee, reachesAll, visibleEvidence } from "./visible-evidence.ts";

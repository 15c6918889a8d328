export { ancestorsOf, descendantsOf } from "./family.ts";
export { readScope } from "./read-scope.ts";
export { assertViewable, lockedAmong, lockedBy, lockedOut } from "./statement-lock.ts";
export { unitOf } from "./unit-of.ts";
export { wearerAt } from "./wearer-at.ts";
export { whoSees } from "./who-sees.ts";
export { uploaderMaySee } from "./uploader-may-see.ts";
export { assertSeesCase, assertSeesIncident, seesIncident, visibleCase, visibleIncident } from "./visible-matters.ts";
export { assertDownload, assertVisible, isOutside, maySee, reachesAll, visibleEvidence } from "./visible-evidence.ts";

export { ancestorsOf, descendantsOf } from "./family.ts";
export { judgeKey, type KeyNow, keyScope } from "./key-reach.ts";
export { knownAmong, shownAmong } from "./known-among.ts";
export { type Lent, readLent } from "./lent-reach.ts";
export { readScope } from "./read-scope.ts";
export { assertViewable, lockedAmong, lockedBy, lockedOut, lockedPeople } from "./statement-lock.ts";
export { homeUnit, unitOf } from "./unit-of.ts";
export { wearerAt } from "./wearer-at.ts";
export { whoSees } from "./who-sees.ts";
export { uploaderMaySee } from "./uploader-may-see.ts";
export { assertSeesCall, reachesWearer, visibleCall } from "./visible-calls.ts";
export { assertSeesCase, assertSeesIncident, seesIncident, visibleCase, visibleIncident } from "./visible-matters.ts";
export {
  assertDownload,
  assertVisible,
  isOutside,
  maySee,
  reachesAll,
  visibleEvidence,
  visibleParts,
} from "./visible-evidence.ts";

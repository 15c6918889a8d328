export { assertVisible, maySee, visibleEvidence } from "./visible-evidence.ts";

export { uploaderMaySee } from "./uploader-may-see.ts";
export { assertVisible, maySee, visibleEvidence } from "./visible-evidence.ts";

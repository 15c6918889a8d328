export { identify, type IdentifyDeps } from "./identify.ts";
export { invite } from "./invitations.ts";
export { createKey, type KeyDeps, type NewKey } from "./keys.ts";
export { actorNames, createPerson, type NewPerson, type PeopleDeps } from "./people.ts";
export { noteSheetMadeHere, type RecoverySheets } from "./recovery.ts";
export { identityRoutes, type IdentityDeps } from "./routes.ts";
export { createAgency, createSetUpLink, isSetUpNeeded, setUp, type SetUpDeps } from "./set-up.ts";
export { hashToken } from "./tokens.ts";

export { CaseShares } from "./case-shares.tsx";
export { OutsideAccess } from "./outside-access.tsx";
export { ShareDialog, type Shared } from "./share-dialog.tsx";
export { SharedWithYou, SharesWithYou, useOutside } from "./shared-with-you.tsx";

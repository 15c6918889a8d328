export { ActingBanner } from "./acting-banner.tsx";
export { LentDialog } from "./lent-dialog.tsx";
export { LentPanel } from "./lent-panel.tsx";

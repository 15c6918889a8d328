export { UploadChip } from "./upload-chip.tsx";
export { UploadPage } from "./upload-page.tsx";

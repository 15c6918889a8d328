export { addMarker, insertMarker, type NewMarker } from "./add-marker.ts";
export { changeMarker } from "./change-marker.ts";
export type { MarkerDeps } from "./keep-version.ts";
export { markerRoutes } from "./routes.ts";
export { commitTexts } from "./rules.ts";
export { unreadMentions } from "./today.ts";
export { foundInNotes, showFoundNotes, type TextPatterns } from "./search-markers.ts";

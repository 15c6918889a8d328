export { momentOf } from "./filter.ts";
export { fromCursor, type Place, toCursor } from "./cursor.ts";
export { libraryRoutes, type LibraryDeps } from "./routes.ts";

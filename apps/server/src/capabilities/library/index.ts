export { momentOf } from "./filter.ts";
export { libraryRoutes, type LibraryDeps } from "./routes.ts";

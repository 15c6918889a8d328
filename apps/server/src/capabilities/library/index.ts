export { libraryRoutes, type LibraryDeps } from "./routes.ts";

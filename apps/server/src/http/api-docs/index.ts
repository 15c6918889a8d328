export { apiDocsRoute } from "./page.ts";

export { findCaptions, keepCaptions } from "./keep-captions.ts";
export { captionRoutes } from "./routes.ts";
export { readWebVtt } from "./rules.ts";

export { CustodyStrip } from "./custody-strip.tsx";
export { custodyKey } from "./custody-query.ts";

export { CustodyStrip } from "./custody-strip.tsx";
export { sentenceFor } from "./sentence-for.ts";
export { custodyKey } from "./custody-query.ts";
export { wordsOf } from "./sentence-for.ts";

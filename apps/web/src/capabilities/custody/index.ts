export { CustodyStrip } from "./custody-strip.tsx";

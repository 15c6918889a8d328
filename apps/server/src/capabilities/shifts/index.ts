export { changeShift, checkIn, checkOut } from "./assign.ts";
export { shiftRoutes } from "./routes.ts";
export type { ShiftDeps } from "./shift-deps.ts";

export { ShiftsPanel } from "./shifts-panel.tsx";

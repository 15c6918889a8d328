export { CaptionsPanel } from "./captions-panel.tsx";

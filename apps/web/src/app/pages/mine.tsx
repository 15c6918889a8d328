export { MinePage as MineRoute } from "../../capabilities/library/mine/mine-page.tsx";

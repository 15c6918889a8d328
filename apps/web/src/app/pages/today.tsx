export { TodayPage as TodayRoute } from "../../capabilities/today/index.ts";

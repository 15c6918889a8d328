import { queryOptions } from "@tanstack/react-query";
import { sworn } from "./server.ts";

/** Asked by the health page, and now and then by the rail, which shows how many things need somebody. */
export const healthQuery = queryOptions({
  queryKey: ["health"],
  queryFn: ({ signal }) => sworn.health.read(signal),
});

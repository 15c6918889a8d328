import type { Me, Permission } from "@sworn/contract";
import { queryOptions, useSuspenseQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { momentsIn, type Moments } from "../ui/format/moment.ts";
import { sworn } from "./server.ts";

export const meQuery = queryOptions({
  queryKey: ["me"],
  queryFn: ({ signal }) => sworn.me(signal),
  staleTime: 60_000,
  retry: false,
});

export function useMe(): Me {
  return useSuspenseQuery(meQuery).data;
}

/** Hides what the server would refuse; the server decides all the same. */
export function useMay(): (permission: Permission) => boolean {
  const { permissions } = useMe();
  return (permission) => permissions.includes(permission);
}

/** Times in the agency's zone. */
export function useMoments(): Moments {
  const zone = useMe().agency.timeZone;
  return useMemo(() => momentsIn(zone), [zone]);
}

import { Button } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { IconUserShare } from "@tabler/icons-react";
import { useEffect, type ReactElement } from "react";
import { meQuery, useMe, useMoments } from "../../app/me.ts";
import { queries, reasonOf } from "../../app/server.ts";
import { words } from "../../words/index.ts";
import { actUnder } from "./acting.ts";
import { roleNames } from "./role-names.ts";
import "./delegations.css";

const say = words.delegations;

/** Stands on every screen while one acts for somebody else: under both names is everything that is done. */
export function ActingBanner(): ReactElement | null {
  const { acting } = useMe();
  const moments = useMoments();
  const stop = useMutation({ mutationFn: () => actUnder(null) });
  const until = acting?.until;
  useEffect(() => {
    // Ends by itself; looked at again soon after, and never further ahead than a timer reaches.
    const end = until === undefined ? Infinity : Date.parse(until);
    const wait = Math.min(Math.max(end - Date.now(), 0) + 1000, 2 ** 31 - 1);
    const timer = setTimeout(() => void queries.invalidateQueries({ queryKey: meQuery.queryKey }), wait);
    return () => clearTimeout(timer);
  }, [until]);
  if (acting === null) return null;
  return (
    <div className="acting" role="status">
      <IconUserShare size={18} aria-hidden="true" />
      <p>
        {say.acting(acting.for.name, roleNames(acting.roles), moments.full(acting.until))}
        {stop.isError ? ` ${reasonOf(stop.error)}` : null}
      </p>
      <Button size="compact-sm" variant="default" loading={stop.isPending} onClick={() => stop.mutate()}>
        {say.asYourself}
      </Button>
    </div>
  );
}

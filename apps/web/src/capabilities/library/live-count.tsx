import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { IconPointFilled } from "@tabler/icons-react";
import type { ReactElement } from "react";
import { sworn } from "../../app/server.ts";
import { words } from "../../words/index.ts";
import "./live-count.css";

/** How many cameras record now; nothing while none does. */
export function LiveCount(): ReactElement | null {
  const { data } = useQuery({
    queryKey: ["recordings", "live"],
    queryFn: ({ signal }) => sworn.recordings.list({ state: "live" }, signal),
    refetchInterval: 5000,
  });
  const count = data?.length ?? 0;
  if (count === 0) return null;
  return (
    <Link to="/library" search={{ state: "live" }} className="live-count" title={words.frame.liveLabel(count)}>
      <IconPointFilled size={14} aria-hidden="true" />
      {words.frame.live(count)}
    </Link>
  );
}

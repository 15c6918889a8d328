import { Menu } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link, useLocation } from "@tanstack/react-router";
import {
  IconAlertSquareRounded,
  IconBriefcase,
  IconDots,
  IconEyeSearch,
  IconInbox,
  IconLayoutGrid,
  IconPhone,
  IconSettings,
  IconUpload,
} from "@tabler/icons-react";
import type { Icon } from "@tabler/icons-react";
import type { ReactElement } from "react";
import { todayQuery, waitingIn } from "../capabilities/today/today-query.ts";
import { words } from "../words/index.ts";
import { healthQuery } from "./health-query.ts";
import { useMay } from "./me.ts";

interface Entry {
  readonly to: "/today" | "/library" | "/incidents" | "/calls" | "/cases" | "/upload" | "/audit" | "/admin";
  readonly icon: Icon;
  readonly name: string;
  readonly count?: number;
  readonly countSays?: string;
  /** A number to know, no problem. */
  readonly calm?: boolean;
}

/** As many as a phone's bar holds with their names; of more, the last ones stand under "More" there. */
const IN_A_BAR = 5;

/** The screens that this person may use; on a phone a bar at the bottom. */
export function Rail(): ReactElement {
  const entries = useEntries();
  const first = entries.length > IN_A_BAR ? IN_A_BAR - 1 : IN_A_BAR;
  const later = entries.slice(first);
  return (
    <nav className="rail" aria-label={words.frame.nav}>
      <img src="/mark.svg" alt={words.frame.product} width={28} height={28} className="rail-mark" />
      {entries.map((entry, n) => (
        <Link
          key={entry.to}
          to={entry.to}
          search={{}}
          className={n < first ? "rail-link" : "rail-link rail-later"}
          activeProps={{ className: "rail-here", "aria-current": "page" }}
        >
          <entry.icon size={20} stroke={1.7} aria-hidden="true" />
          <span>{entry.name}</span>
          <Count of={entry} />
        </Link>
      ))}
      {later.length === 0 ? null : <More entries={later} />}
    </nav>
  );
}

function More(props: { entries: readonly Entry[] }): ReactElement {
  const { pathname } = useLocation();
  const here = props.entries.some(({ to }) => pathname === to || pathname.startsWith(`${to}/`));
  const counted = props.entries.find(({ count = 0, calm }) => count > 0 && calm !== true);
  return (
    <Menu position="top-end" shadow="none" width={220}>
      <Menu.Target>
        <button
          type="button"
          aria-current={here}
          className={here ? "rail-link rail-more rail-here" : "rail-link rail-more"}
        >
          <IconDots size={20} stroke={1.7} aria-hidden="true" />
          <span>{words.frame.more}</span>
          {counted === undefined ? null : <Count of={counted} />}
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        {props.entries.map((entry) => (
          <Menu.Item
            key={entry.to}
            component={Link}
            to={entry.to}
            leftSection={<entry.icon size={20} stroke={1.7} />}
            rightSection={<Count of={entry} />}
          >
            {entry.name}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

function Count(props: { of: Entry }): ReactElement | null {
  const { count = 0, countSays, calm } = props.of;
  if (count === 0) return null;
  return (
    <span className={`rail-count${calm === true ? " rail-count-calm" : ""}`}>
      <span aria-hidden="true">{count > 99 ? "99+" : count}</span>
      <span className="sr-only">{countSays}</span>
    </span>
  );
}

/** With how many things wait for this person, and how many need somebody, for who may know. */
function useEntries(): readonly Entry[] {
  const may = useMay();
  const today = useQuery(todayQuery);
  const waiting = waitingIn(today.data?.groups ?? []);
  const health = useQuery({ ...healthQuery, enabled: may("health.read"), refetchInterval: 60_000 });
  const problems = health.data?.problems.length ?? 0;
  const entries: readonly (Entry | false)[] = [
    {
      to: "/today",
      icon: IconInbox,
      name: words.frame.today,
      count: waiting.count,
      countSays: words.today.waiting(waiting.count, waiting.capped),
      calm: true,
    },
    may("evidence.list") && { to: "/library", icon: IconLayoutGrid, name: words.frame.library },
    may("incident.list") && { to: "/incidents", icon: IconAlertSquareRounded, name: words.incidents.title },
    may("call.list") && { to: "/calls", icon: IconPhone, name: words.calls.title },
    may("case.list") && { to: "/cases", icon: IconBriefcase, name: words.incidents.cases },
    may("upload.create") && { to: "/upload", icon: IconUpload, name: words.frame.upload },
    may("audit.read") && { to: "/audit", icon: IconEyeSearch, name: words.frame.audit },
    (may("health.read") || may("key.manage") || may("share.list")) && {
      to: "/admin",
      icon: IconSettings,
      name: words.frame.admin,
      count: problems,
      countSays: words.health.railCount(problems),
    },
  ];
  return entries.filter((entry) => entry !== false);
}

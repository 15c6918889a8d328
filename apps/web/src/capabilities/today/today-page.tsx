import type { TodayGroup, TodayRow } from "@sworn/contract";
import { Menu } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { IconChevronRight, IconCircleCheck, IconClockPause } from "@tabler/icons-react";
import { useEffect, useState, type ReactElement } from "react";
import { useMe, useMoments } from "../../app/me.ts";
import { ProblemScreen } from "../../app/problem-screen.tsx";
import { CalmNote } from "../../ui/calm-note.tsx";
import { dayIn, formatDay } from "../../ui/format/day.ts";
import { NoticeDock, type Done } from "../../ui/undo-notice.tsx";
import { words } from "../../words/index.ts";
import { icons } from "./today-icons.ts";
import { libraryOf, putAside, takeBack, todayQuery } from "./today-query.ts";
import "./today-page.css";

const say = words.today;

/** What needs my attention: what is mine to do, by kind, each a way to where it is done. */
export function TodayPage(): ReactElement {
  const today = useQuery(todayQuery);
  const [done, setDone] = useState<Done | null>(null);
  useEffect(() => {
    document.title = `${say.title} · ${words.frame.product}`;
  }, []);
  if (today.isError && today.data === undefined)
    return <ProblemScreen error={today.error} onRetry={() => void today.refetch()} />;
  const { groups = [], aside = 0 } = today.data ?? {};
  const aside_ = async (rows: readonly TodayRow[], until: "tomorrow" | "good"): Promise<void> => {
    await putAside(rows, until);
    setDone({ text: say.wasPutAside(rows.length, until === "good"), undo: () => takeBack(rows) });
  };
  return (
    <div className="page today">
      <h1>{say.title}</h1>
      <p className="soft">{say.lead}</p>
      {today.data === undefined ? (
        <p className="quiet" role="status">
          {words.frame.loading}
        </p>
      ) : null}
      {today.data !== undefined && groups.length === 0 ? (
        <CalmNote icon={IconCircleCheck} title={say.nothingTitle}>
          {say.nothingBody}
        </CalmNote>
      ) : null}
      {groups.map((group) => (
        <Group key={group.kind} group={group} onAside={(rows, until) => void aside_(rows, until)} />
      ))}
      {aside === 0 ? null : (
        <p className="small quiet">
          {say.aside(aside)}{" "}
          <button type="button" className="link-button small" onClick={() => void takeBack()}>
            {say.showAgain}
          </button>
        </p>
      )}
      <NoticeDock done={done} onDone={setDone} />
    </div>
  );
}

type Aside = (rows: readonly TodayRow[], until: "tomorrow" | "good") => void;

function Group(props: { group: TodayGroup; onAside: Aside }): ReactElement {
  const { group } = props;
  const me = useMe();
  const Glyph = icons[group.kind];
  const all = libraryOf(group, me.person?.id);
  const title = say.kinds[group.kind](say.count(group.count, group.capped), group.count);
  return (
    <section className="today-group" aria-labelledby={`today-${group.kind}`}>
      <header>
        <Glyph size={18} stroke={1.7} aria-hidden="true" />
        <h2 id={`today-${group.kind}`}>{title}</h2>
        {group.kind === "uncategorised" ? (
          <Link to="/mine" className="small">
            {words.mine.begin}
          </Link>
        ) : null}
        {all === null ? null : (
          <Link to="/library" search={all} className="small">
            {say.all}
          </Link>
        )}
      </header>
      <ul>
        {group.rows.map((row) => (
          <Row key={row.key} group={group} row={row} onAside={props.onAside} />
        ))}
      </ul>
      {group.count > group.rows.length ? (
        <p className="small quiet">{say.more(group.count - group.rows.length, group.capped)}</p>
      ) : null}
    </section>
  );
}

function Row(props: { group: TodayGroup; row: TodayRow; onAside: Aside }): ReactElement {
  const { group, row } = props;
  const moments = useMoments();
  const due = row.due !== null && row.due < dayIn(useMe().agency.timeZone);
  const title = row.title === "" ? say.titles[group.kind] : row.title;
  const when =
    row.due !== null
      ? say.due(formatDay(row.due), due)
      : row.at === null
        ? ""
        : say.since(`${moments.day(row.at)} ${moments.clock(row.at)}`);
  return (
    <li className="today-row">
      <RowLink row={row} group={group} title={title} />
      <span className={`today-when small ${due ? "today-due" : "quiet"}`}>{when}</span>
      <Menu position="bottom-end" shadow="none">
        <Menu.Target>
          <button type="button" className="today-aside" aria-label={say.putAsideOf(title)} title={say.putAside}>
            <IconClockPause size={16} aria-hidden="true" />
          </button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item onClick={() => props.onAside([row], "tomorrow")}>{say.untilTomorrow}</Menu.Item>
          <Menu.Item onClick={() => props.onAside([row], "good")}>{say.forGood}</Menu.Item>
        </Menu.Dropdown>
      </Menu>
    </li>
  );
}

function RowLink(props: { row: TodayRow; group: TodayGroup; title: string }): ReactElement {
  const { row, group, title } = props;
  const inside = (
    <>
      <span>{title}</span>
      <IconChevronRight size={14} aria-hidden="true" />
    </>
  );
  if (row.evidenceId !== null)
    return (
      <Link to="/evidence/$id" params={{ id: row.evidenceId }} className="today-link">
        {inside}
      </Link>
    );
  if (group.kind === "upload-unfinished")
    return (
      <Link to="/upload" className="today-link">
        {inside}
      </Link>
    );
  return <span className="today-link">{title}</span>;
}

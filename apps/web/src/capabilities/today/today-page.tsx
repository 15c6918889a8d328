import type { TodayGroup, TodayRow } from "@sworn/contract";
import { Button, Menu } from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import { Link, type LinkProps } from "@tanstack/react-router";
import { IconChevronRight, IconCircleCheck, IconClockPause } from "@tabler/icons-react";
import { useEffect, useState, type ReactElement } from "react";
import { useMe, useMoments } from "../../app/me.ts";
import { reasonOf } from "../../app/server.ts";
import { ProblemScreen } from "../../app/problem-screen.tsx";
import { CalmNote } from "../../ui/calm-note.tsx";
import { dayIn, formatDay } from "../../ui/format/day.ts";
import { NoticeDock, type Done } from "../../ui/undo-notice.tsx";
import { words } from "../../words/index.ts";
import { useOutside } from "../sharing/index.ts";
import { icons } from "./today-icons.ts";
import { libraryOf, putAside, setTaskDone, takeBack, todayQuery } from "./today-query.ts";
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
        <Group key={group.kind} group={group} onAside={(rows, until) => void aside_(rows, until)} onDone={setDone} />
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

function Group(props: { group: TodayGroup; onAside: Aside; onDone: (done: Done) => void }): ReactElement {
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
          <Row key={row.key} group={group} row={row} onAside={props.onAside} onDone={props.onDone} />
        ))}
      </ul>
      {group.count > group.rows.length ? (
        <p className="small quiet">{say.more(group.count - group.rows.length, group.capped)}</p>
      ) : null}
    </section>
  );
}

function Row(props: { group: TodayGroup; row: TodayRow; onAside: Aside; onDone: (done: Done) => void }): ReactElement {
  const { group, row } = props;
  const moments = useMoments();
  const due = row.due !== null && row.due < dayIn(useMe().agency.timeZone);
  const title =
    row.job !== undefined
      ? (words.health.jobNames[row.job] ?? row.job)
      : row.title === ""
        ? say.titles[group.kind]
        : row.title;
  const when =
    row.due !== null
      ? group.kind === "share-ending"
        ? say.ends(formatDay(row.due))
        : say.due(formatDay(row.due), due)
      : row.at === null
        ? ""
        : say.since(`${moments.day(row.at)} ${moments.clock(row.at)}`);
  return (
    <li className="today-row">
      <RowLink row={row} group={group} title={title} />
      <span className={`today-when small ${due ? "today-due" : "quiet"}`}>{when}</span>
      <span className="today-acts">
        <TaskDone row={row} title={title} onDone={props.onDone} />
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
      </span>
    </li>
  );
}

/** Where it is done. */
function RowLink(props: { row: TodayRow; group: TodayGroup; title: string }): ReactElement {
  const { row, group, title } = props;
  const outside = useOutside();
  const by = row.by ?? null;
  const inside = (
    <>
      <span>
        {title}
        {by === null ? null : <span className="small quiet"> · {group.kind === "mention" ? say.namedBy(by) : by}</span>}
      </span>
      <IconChevronRight size={14} aria-hidden="true" />
    </>
  );
  const link = linkOf(group, row, outside);
  return link === null ? (
    <span className="today-link">{title}</span>
  ) : (
    <Link {...link} className="today-link">
      {inside}
    </Link>
  );
}

function linkOf({ kind }: TodayGroup, row: TodayRow, outside: boolean): LinkProps | null {
  if (row.evidenceId !== null)
    return {
      to: "/evidence/$id",
      params: { id: row.evidenceId },
      ...(row.markerId === undefined ? {} : { hash: `note-${row.markerId}` }),
    };
  if (row.matter !== undefined)
    return { to: row.matter.kind === "incident" ? "/incidents/$id" : "/cases/$id", params: { id: row.matter.id } };
  if (row.shareId !== undefined)
    return outside ? { to: "/library", search: { share: row.shareId } } : { to: "/admin", hash: "shares" };
  if (kind === "job-failed") return { to: "/admin", hash: "health" };
  if (kind === "upload-unfinished") return { to: "/upload" };
  return null;
}

/** A task is done where it is read; everything else is done where the row leads. */
function TaskDone(props: { row: TodayRow; title: string; onDone: (done: Done) => void }): ReactElement | null {
  const { taskId, matter } = props.row;
  const mark = useMutation({
    mutationFn: async () => {
      if (taskId === undefined || matter === undefined) return;
      await setTaskDone(matter, taskId, true);
      props.onDone({
        text: say.taskWasDone,
        undo: async () => {
          await setTaskDone(matter, taskId, false);
          return undefined;
        },
      });
    },
  });
  if (taskId === undefined) return null;
  return (
    <Button
      size="compact-sm"
      variant="default"
      loading={mark.isPending}
      aria-label={say.taskDoneOf(props.title)}
      onClick={() => mark.mutate()}
    >
      {mark.isError ? reasonOf(mark.error) : say.taskDone}
    </Button>
  );
}

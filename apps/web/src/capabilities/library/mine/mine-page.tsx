import { Button } from "@mantine/core";
import type { Evidence } from "@sworn/contract";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { IconCircleCheck, IconEyeOff } from "@tabler/icons-react";
import { useEffect, useState, type ReactElement } from "react";
import { useMay, useMe } from "../../../app/me.ts";
import { ProblemScreen } from "../../../app/problem-screen.tsx";
import { CalmNote } from "../../../ui/calm-note.tsx";
import { type Done, UndoNotice } from "../../../ui/undo-notice.tsx";
import { words } from "../../../words/index.ts";
import { MineItem } from "./mine-item.tsx";
import { mineQuery, refreshAfter, type Saved, takeBack } from "./save-one.ts";
import "./mine-page.css";

const say = words.mine;

/** The wearer says what each of their recordings is, one after the other. */
export function MinePage(): ReactElement {
  const me = useMe();
  const may = useMay();
  useEffect(() => {
    document.title = `${say.title} · ${words.frame.product}`;
  }, []);
  return (
    <div className="page mine">
      <h1>{say.title}</h1>
      {me.person === null || !may("evidence.classify") ? (
        <CalmNote icon={IconEyeOff} title={say.notYours} actions={<Link to="/today">{say.toToday}</Link>} />
      ) : (
        <Queue personId={me.person.id} />
      )}
    </div>
  );
}

function Queue(props: { personId: string }): ReactElement {
  const query = useQuery(mineQuery(props.personId));
  const [at, setAt] = useState(0);
  const [saved, setSaved] = useState<ReadonlySet<string>>(new Set());
  const [done, setDone] = useState<Done | null>(null);
  if (query.isError && query.data === undefined)
    return <ProblemScreen error={query.error} onRetry={() => void query.refetch()} />;
  const items = query.data?.items;
  if (items === undefined || (query.isFetching && at === 0 && saved.size === 0))
    return (
      <p className="quiet" role="status">
        {words.frame.loading}
      </p>
    );
  const again = (): void => {
    setAt(0);
    setSaved(new Set());
    setDone(null);
    void query.refetch();
  };
  const finish = (item: Evidence, what: Saved, text: string): void => {
    setSaved((ids) => new Set([...ids, item.id]));
    setAt(at + 1);
    const undo = async (): Promise<string> => {
      const sentence = await takeBack(what);
      await refreshAfter();
      setSaved((ids) => new Set([...ids].filter((id) => id !== item.id)));
      setAt(at);
      return sentence;
    };
    setDone({ text, undo });
    void refreshAfter();
  };
  const item = items[at];
  return (
    <>
      <div className="mine-head">
        <p className="soft">{say.lead}</p>
        {item === undefined ? null : (
          <p className="mine-progress nums" role="status">
            {say.progress(at + 1, items.length, query.data?.next !== null)}
          </p>
        )}
      </div>
      <div role="status" className="mine-notice">
        {done === null ? null : <UndoNotice key={done.text} done={done} onDone={setDone} />}
      </div>
      {item === undefined ? (
        <End saved={saved.size} all={items.length} onAgain={again} />
      ) : (
        <MineItem key={item.id} item={item} first={at === 0} onSaved={finish} onSkip={() => setAt(at + 1)} />
      )}
    </>
  );
}

function End(props: { saved: number; all: number; onAgain: () => void }): ReactElement {
  const toToday = (
    <Link to="/today" className="mine-today">
      {say.toToday}
    </Link>
  );
  if (props.all === 0)
    return (
      <CalmNote icon={IconCircleCheck} title={say.emptyTitle} actions={toToday}>
        {say.emptyBody}
      </CalmNote>
    );
  const again = (
    <>
      <Button onClick={props.onAgain}>{say.again}</Button>
      {toToday}
    </>
  );
  return (
    <CalmNote icon={IconCircleCheck} title={say.endTitle} actions={again} role="status">
      {say.endBody(props.saved, props.all - props.saved)}
    </CalmNote>
  );
}

import { Button } from "@mantine/core";
import type { Assignment } from "@sworn/contract";
import { useInfiniteQuery, useMutation } from "@tanstack/react-query";
import { useState, type ReactElement } from "react";
import { useMe, useMoments } from "../../app/me.ts";
import { reasonOf, sworn } from "../../app/server.ts";
import { type Done, NoticeDock } from "../../ui/undo-notice.tsx";
import { words } from "../../words/index.ts";
import { ImportDialog } from "../imports/index.ts";
import { Panel, Rows } from "../admin/panel.tsx";
import { RowMenu } from "../admin/row-menu.tsx";
import { CheckOutForm } from "./check-out-form.tsx";
import { ShiftDialogs, type ShiftStep } from "./shift-dialogs.tsx";
import { dayBegan, refreshShifts, setBack, shiftsQuery } from "./shifts-query.ts";
import "./shifts.css";

const say = words.shifts;

/** Cameras handed out and brought back; what was written down wrongly is corrected, and its recordings follow. */
export function ShiftsPanel(): ReactElement {
  const began = dayBegan(useMe().agency.timeZone);
  const [done, setDone] = useState<Done | null>(null);
  const [step, setStep] = useState<ShiftStep | null>(null);
  const [importing, setImporting] = useState(false);
  return (
    <Panel id="shifts" title={say.title}>
      <p className="soft column">{say.why}</p>
      <CheckOutForm onDone={setDone} />
      <Button size="compact-sm" variant="default" className="shift-import" onClick={() => setImporting(true)}>
        {words.imports.button}
      </Button>
      <ImportDialog
        kind="shifts"
        open={importing}
        onClose={() => setImporting(false)}
        send={(table) => sworn.shifts.import(table)}
        onDone={async (text) => {
          setDone({ text });
          await refreshShifts();
        }}
      />
      <ShiftTable which="today" began={began} onStep={setStep} onDone={setDone} />
      <ShiftTable which="earlier" began={began} onStep={setStep} onDone={setDone} />
      <ShiftDialogs step={step} onClose={() => setStep(null)} onDone={setDone} />
      <NoticeDock done={done} onDone={setDone} />
    </Panel>
  );
}

function ShiftTable(props: {
  which: "today" | "earlier";
  began: string;
  onStep: (step: ShiftStep) => void;
  onDone: (done: Done) => void;
}): ReactElement {
  const { which, began } = props;
  const query = useInfiniteQuery({ ...shiftsQuery(which, began), refetchInterval: which === "today" ? 15_000 : false });
  const title = which === "today" ? say.today : say.history;
  const all = (query.data?.pages ?? []).flatMap(({ items }) => items);
  // What reaches into today stands above already.
  const shifts = which === "today" ? all : all.filter(({ to }) => to !== null && to <= began);
  return (
    <section className="shift-table" aria-label={title}>
      <h3>{title}</h3>
      {query.isError ? <p role="alert">{reasonOf(query.error)}</p> : null}
      {query.isSuccess && shifts.length === 0 && !query.hasNextPage ? (
        <p className="quiet">{which === "today" ? say.todayNone : say.historyNone}</p>
      ) : null}
      {shifts.length === 0 ? null : (
        <Rows
          label={title}
          acts
          columns={[say.camera, say.wearer, say.since, say.until, words.admin.changeShort]}
          rows={shifts.map((shift) => [shift.id, cellsOf(shift, props)])}
        />
      )}
      {query.hasNextPage ? (
        <Button
          size="compact-sm"
          variant="default"
          loading={query.isFetchingNextPage}
          onClick={() => void query.fetchNextPage()}
        >
          {words.admin.more}
        </Button>
      ) : null}
    </section>
  );
}

function cellsOf(
  shift: Assignment,
  { onStep, onDone }: { onStep: (step: ShiftStep) => void; onDone: (done: Done) => void },
): ReactElement[] {
  const { device, person } = shift;
  return [
    <span key="camera">{device.name}</span>,
    <span key="wearer">
      {person.name}
      {person.badge === null ? null : <span className="soft mono"> {person.badge}</span>}
    </span>,
    <Moment key="since" at={shift.from} />,
    shift.to === null ? <span key="until">{say.out}</span> : <Moment key="until" at={shift.to} />,
    <span key="act" className="shift-act">
      {shift.to === null ? <CheckIn shift={shift} onDone={onDone} /> : null}
      <RowMenu
        name={`${device.name}, ${person.name}`}
        steps={[
          [say.correct, () => onStep({ kind: "correct", shift })],
          [say.withdraw, () => onStep({ kind: "withdraw", shift })],
        ]}
      />
    </span>,
  ];
}

function Moment(props: { at: string }): ReactElement {
  const moments = useMoments();
  return (
    <span className="nums">
      {moments.day(props.at)} {moments.clock(props.at).slice(0, 5)}
    </span>
  );
}

function CheckIn(props: { shift: Assignment; onDone: (done: Done) => void }): ReactElement {
  const { shift, onDone } = props;
  const checkIn = useMutation({
    mutationFn: () => sworn.shifts.checkIn(shift.device.id),
    onSuccess: async () => {
      onDone({
        text: say.wasIn(shift.device.name),
        undo: async () => {
          await setBack(shift);
          return say.undone;
        },
      });
      await refreshShifts();
    },
    onError: (error) => onDone({ text: reasonOf(error) }),
  });
  return (
    <Button
      size="compact-sm"
      variant="default"
      aria-label={say.checkInOf(shift.device.name)}
      loading={checkIn.isPending}
      onClick={() => checkIn.mutate()}
    >
      {say.checkIn}
    </Button>
  );
}

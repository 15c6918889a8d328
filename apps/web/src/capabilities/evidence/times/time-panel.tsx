import { Button, Textarea, TextInput } from "@mantine/core";
import type { Evidence, EvidenceTimes } from "@sworn/contract";
import { queryOptions, useQuery } from "@tanstack/react-query";
import { useState, type ReactElement } from "react";
import { useMay, useMoments } from "../../../app/me.ts";
import { queries, sworn } from "../../../app/server.ts";
import { FormDialog } from "../../../ui/form-dialog.tsx";
import { textOf } from "../../../ui/form-field.ts";
import { words } from "../../../words/index.ts";
import { refreshItem } from "../keeping/keeping-query.ts";
import "../facts/facts.css";

const say = words.times;

const timesQuery = (id: string) =>
  queryOptions({
    queryKey: ["evidence", id, "times"],
    queryFn: ({ signal }) => sworn.evidence.times(id, signal),
  });

/** Every clock that says when the item was recorded, and what people corrected. */
export function TimePanel(props: { evidence: Evidence }): ReactElement | null {
  const { evidence } = props;
  const may = useMay();
  const { data } = useQuery(timesQuery(evidence.id));
  const [correcting, setCorrecting] = useState(false);
  if (data === undefined) return null;
  return (
    <section className="facts" aria-labelledby="times-title">
      <header className="facts-head">
        <h2 id="times-title">{say.title}</h2>
        {may("time.correct") && data.sourceAt !== null ? (
          <Button size="compact-sm" variant="default" onClick={() => setCorrecting(true)}>
            {say.correct}
          </Button>
        ) : null}
      </header>
      <Clocks times={data} />
      <FormDialog
        open={correcting}
        onClose={() => setCorrecting(false)}
        title={say.dialog}
        lead={say.lead}
        submit={say.submit}
        onSubmit={async (form) => {
          const seconds = (name: string): number => Math.round(Number(textOf(form, name).replace(",", ".")) * 1000);
          const uncertain = textOf(form, "uncertainty");
          await sworn.evidence.correctTime(evidence.id, {
            offsetMs: seconds("offset"),
            uncertaintyMs: uncertain === "" ? null : seconds("uncertainty"),
            reason: textOf(form, "reason"),
          });
          await Promise.all([queries.invalidateQueries(timesQuery(evidence.id)), refreshItem(evidence.id)]);
        }}
      >
        {() => (
          <>
            <TextInput
              name="offset"
              label={say.offset}
              required
              inputMode="decimal"
              pattern="[\-+]?[0-9]+([.,][0-9]{1,3})?"
            />
            <TextInput
              name="uncertainty"
              label={say.uncertainty}
              inputMode="decimal"
              pattern="[0-9]+([.,][0-9]{1,3})?"
            />
            <Textarea name="reason" label={say.reason} required maxLength={1000} autosize minRows={2} />
          </>
        )}
      </FormDialog>
    </section>
  );
}

/** "camera clock, ±0.5 s". */
function clockOf({ source, sourceUncertaintyMs: off }: EvidenceTimes): string {
  const clock = words.evidence.clock(source);
  return off === null ? clock : `${clock}, ${words.evidence.facts.uncertainty(off)}`;
}

function Clocks(props: { times: EvidenceTimes }): ReactElement {
  const { times } = props;
  const moments = useMoments();
  const { gnss } = times;
  return (
    <>
      <dl>
        {times.sourceAt === null ? null : (
          <Clock name={say.source} source={clockOf(times)}>
            {moments.full(times.sourceAt)}
          </Clock>
        )}
        {times.recordedAt === null || times.recordedAt === times.sourceAt ? null : (
          <Clock name={say.effective} source={say.corrected(times.corrections[0]?.offsetMs ?? 0)}>
            {moments.full(times.recordedAt)}
          </Clock>
        )}
        <Clock name={say.gnss} source={gnss?.source}>
          {gnss === null
            ? say.noGnss
            : gnss.to === null
              ? moments.full(gnss.from)
              : say.gnssRange(moments.full(gnss.from), moments.full(gnss.to))}
        </Clock>
        {times.driftMs === null ? null : (
          <Clock name={say.drift}>{say.driftBy(times.driftMs, times.sourceUncertaintyMs)}</Clock>
        )}
        <Clock name={say.server} source={say.serverClock}>
          {moments.full(times.receivedAt)}
        </Clock>
      </dl>
      {times.corrections.length === 0 ? (
        <p className="small quiet time-none">{say.none}</p>
      ) : (
        <ol className="time-corrections">
          {times.corrections.map((each) => (
            <li key={each.n}>
              <p className="nums">{say.correction(each.offsetMs, each.uncertaintyMs)}</p>
              <p className="fact-name">{each.reason}</p>
              <p className="small quiet">{say.by(each.by.name, moments.full(each.at))}</p>
            </li>
          ))}
        </ol>
      )}
    </>
  );
}

function Clock(props: { name: string; source?: string | undefined; children: string }): ReactElement {
  return (
    <div className="fact">
      <dt>{props.name}</dt>
      <dd>
        {props.children}
        {props.source === undefined ? null : <span className="fact-source">{props.source}</span>}
      </dd>
    </div>
  );
}

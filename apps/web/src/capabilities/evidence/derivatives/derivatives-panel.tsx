import { Button } from "@mantine/core";
import type { AskRendering, Evidence, Rendering } from "@sworn/contract";
import { IconCamera, IconScissors } from "@tabler/icons-react";
import { useMutation, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useEffect, useRef, type ReactElement } from "react";
import { useMay } from "../../../app/me.ts";
import { reasonOf, sworn } from "../../../app/server.ts";
import { ProgressBar } from "../../../ui/progress-bar.tsx";
import { words } from "../../../words/index.ts";
import { placeAt } from "../markers/place.ts";
import { isTyping } from "../stage/keys.ts";
import type { Part } from "../stage/parts.ts";
import { usePlayer, usePlayerState } from "../stage/use-player.ts";
import { refreshMade, refreshRenderings, renderingsQuery } from "./derivatives-query.ts";
import { FamilyTree } from "./family-tree.tsx";
import "./derivatives.css";

const say = words.derivatives;

/** A still of what is on the screen, a clip of the range, how far they are, and the tree that they make. */
export function DerivativesPanel(props: { evidence: Evidence; parts: readonly Part[] }): ReactElement | null {
  const { evidence, parts } = props;
  const may = useMay();
  const stored = evidence.state === "stored" || evidence.state === "incomplete";
  const mayMake = may("derivative.create") && evidence.kind === "video" && stored;
  return (
    <section className="derivatives" aria-labelledby="derivatives-title">
      <h2 id="derivatives-title">{say.title}</h2>
      {mayMake ? <Make evidence={evidence} parts={parts} /> : null}
      {may("derivative.create") ? <UnderWay evidence={evidence} mayMake={mayMake} /> : null}
      <FamilyTree evidence={evidence} parts={parts} />
    </section>
  );
}

function Make(props: { evidence: Evidence; parts: readonly Part[] }): ReactElement {
  const { evidence, parts } = props;
  const player = usePlayer();
  const from = usePlayerState((state) => state.rangeIn);
  const to = usePlayerState((state) => state.rangeOut);
  const range = from === null || to === null ? null : placeAt(parts, { from, to });
  const ask = useMutation({
    mutationFn: (what: AskRendering) => sworn.derivatives.make(evidence.id, what),
    onSettled: () => refreshRenderings(evidence.id),
  });
  const still = useRef(() => undefined as void);
  useEffect(() => {
    still.current = () => {
      player.pause();
      const place = placeAt(parts, { from: player.state().time, to: null });
      if (place !== null) ask.mutate({ kind: "snapshot", take: place.take, fromMs: place.fromMs });
    };
  });
  useEffect(() => {
    const press = (event: KeyboardEvent): void => {
      if (event.key.toLowerCase() !== "s" || event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
      if (isTyping(event.target) || event.defaultPrevented) return;
      still.current();
      event.preventDefault();
    };
    document.addEventListener("keydown", press);
    return () => document.removeEventListener("keydown", press);
  }, []);
  return (
    <>
      <div className="keeping-actions">
        <Button
          size="compact-sm"
          variant="default"
          leftSection={<IconCamera size={15} aria-hidden="true" />}
          aria-keyshortcuts="S"
          onClick={() => still.current()}
        >
          {say.still}
        </Button>
        <Button
          size="compact-sm"
          variant="default"
          leftSection={<IconScissors size={15} aria-hidden="true" />}
          disabled={range?.toMs == null}
          onClick={() => {
            if (range !== null) ask.mutate({ kind: "clip", ...range });
          }}
        >
          {say.clip}
        </Button>
      </div>
      <p className="small quiet">{range?.toMs == null ? say.clipFirst : say.made}</p>
      {ask.isError ? (
        <p role="alert" className="keeping-problem">
          {reasonOf(ask.error)}
        </p>
      ) : null}
    </>
  );
}

function UnderWay(props: { evidence: Evidence; mayMake: boolean }): ReactElement | null {
  const { id } = props.evidence;
  const { data } = useQuery(renderingsQuery(id));
  const done = (data ?? []).filter(({ state }) => state === "done").length;
  useEffect(() => {
    if (done > 0) void refreshMade(id);
  }, [id, done]);
  const shown = (data ?? []).filter(({ state }) => state !== "done" && state !== "cancelled");
  const latest = data?.[0];
  return (
    <>
      <p role="status" className="small soft">
        {latest?.state === "done" ? (
          <>
            {`${latest.title} ${say.states.done}. `}
            <Link to="/evidence/$id" params={{ id: latest.id }}>
              {say.open(latest.title)}
            </Link>
          </>
        ) : null}
      </p>
      <ul className="derivatives-list">
        {shown.map((rendering) => (
          <li key={rendering.id}>
            <RenderingRow rendering={rendering} mayMake={props.mayMake} />
          </li>
        ))}
      </ul>
    </>
  );
}

function RenderingRow(props: { rendering: Rendering; mayMake: boolean }): ReactElement {
  const { rendering, mayMake } = props;
  const { id, title, state, permille } = rendering;
  const change = useMutation({
    mutationFn: () => (state === "failed" ? sworn.derivatives.retry(id) : sworn.derivatives.cancel(id)),
    onSettled: () => refreshRenderings(rendering.sourceId),
  });
  return (
    <div className="derivatives-row">
      <div className="derivatives-name">
        <span>{`${title} ${say.states[state]}`}</span>
        {state === "running" ? <span className="small soft nums">{say.percent(Math.floor(permille / 10))}</span> : null}
        {mayMake ? (
          <Button
            size="compact-xs"
            variant="default"
            loading={change.isPending}
            aria-label={state === "failed" ? say.retryOf(title) : say.cancelOf(title)}
            onClick={() => change.mutate()}
          >
            {state === "failed" ? say.retry : say.cancel}
          </Button>
        ) : null}
      </div>
      {state === "failed" ? (
        <p className="small keeping-problem">{rendering.detail ?? ""}</p>
      ) : (
        <ProgressBar done={permille} total={1000} label={say.progress(title)} />
      )}
    </div>
  );
}

import { Button } from "@mantine/core";
import type { CustodyHistory, Evidence } from "@sworn/contract";
import { IconChevronDown, IconLink, IconShieldCheck } from "@tabler/icons-react";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useEffect, useId, useRef, useState, type ReactElement } from "react";
import { useMay, useMoments } from "../../app/me.ts";
import { reasonOf } from "../../app/server.ts";
import { words } from "../../words/index.ts";
import { CheckLines } from "./check-lines.tsx";
import { custodyKey, custodyQuery } from "./custody-query.ts";
import { useStoryFilter } from "./story-filter.tsx";
import { StoryPages } from "./story-pages.tsx";
import { useCheck, type Check } from "./use-check.ts";
import { useFileCheck } from "./use-file-check.ts";
import "./custody-strip.css";

const say = words.custody;

/** The thread of custody: one sentence, opening into the story; green only after a check ran in this browser. */
export function CustodyStrip(props: { evidence: Evidence }): ReactElement {
  const { evidence } = props;
  const query = useQuery(custodyQuery(evidence.id));
  useNewEntries(evidence);
  const { check, run } = useCheck(evidence.id);
  const { file, start, cancel } = useFileCheck(evidence);
  const { filter } = useStoryFilter();
  // An address that names some of the history opens it.
  const [open, setOpen] = useState(Object.keys(filter).length > 0);
  const storyId = useId();
  const mayAudit = useMay()("audit.read");
  const history = query.data;
  const outcome = outcomeOf(check);
  const readable = evidence.state === "stored" || evidence.state === "incomplete";
  return (
    <section className="custody" aria-labelledby={`${storyId}-title`}>
      <div className="custody-strip">
        <span className={`custody-thread custody-${outcome}`} aria-hidden="true">
          {outcome === "holds" ? <IconShieldCheck size={20} /> : <IconLink size={20} />}
        </span>
        <h2 id={`${storyId}-title`}>{say.title}</h2>
        <p className="custody-sentence" role="status">
          {history === undefined ? (
            query.isError ? (
              `${say.failed} ${reasonOf(query.error)}`
            ) : (
              say.loading
            )
          ) : (
            <Sentence history={history} check={check} file={file.phase === "holds"} />
          )}
        </p>
        <div className="custody-actions">
          {mayAudit ? (
            <Link to="/audit" search={{ subject: evidence.id, did: "saw,exported" }}>
              {words.audit.whoSawThis}
            </Link>
          ) : null}
          {history === undefined || history.entries.length === 0 ? null : (
            <>
              <Button
                size="compact-md"
                onClick={run}
                loading={check.phase === "running"}
                leftSection={<IconShieldCheck size={16} />}
              >
                {check.phase === "idle" ? say.checkIt : say.checkAgain}
              </Button>
              <Button
                size="compact-md"
                variant="default"
                aria-expanded={open}
                aria-controls={storyId}
                onClick={() => setOpen(!open)}
                rightSection={<IconChevronDown size={16} className={open ? "turned" : ""} />}
              >
                {open ? say.hideStory : say.story}
              </Button>
            </>
          )}
        </div>
      </div>
      {history !== undefined && (open || check.phase !== "idle" || file.phase !== "idle") ? (
        <CheckLines
          check={check}
          file={file}
          size={evidence.size}
          onCheckFile={readable ? () => start(history) : null}
          onCancelFile={cancel}
          newer={check.phase === "done" ? history.entries.length - check.covered : 0}
        />
      ) : null}
      <div id={storyId}>{open && history !== undefined ? <StoryPages history={history} check={check} /> : null}</div>
    </section>
  );
}

/**
 * What changes an item writes entries: the end of a recording, its facts, its still picture, its path. The history is
 * asked for again after each of them, and not by the clock, since reading it is an entry as well.
 */
function useNewEntries(evidence: Evidence): void {
  const client = useQueryClient();
  const { id, state, media, hasPoster, hasTrack, captionsId } = evidence;
  const resting = media.state === "pending" || media.state === "running" ? "" : media.state;
  const stage = [state, resting, hasPoster, hasTrack, captionsId].join(" ");
  const known = useRef(stage);
  useEffect(() => {
    if (known.current === stage) return;
    known.current = stage;
    void client.invalidateQueries({ queryKey: custodyKey(id) });
  }, [client, id, stage]);
}

function outcomeOf(check: Check): "idle" | "running" | "holds" | "fails" {
  if (check.phase === "idle") return "idle";
  if (check.phase === "running") return "running";
  if (check.phase === "failed") return "fails";
  return [...check.lines.values()].every((line) => line.state === "holds") ? "holds" : "fails";
}

function Sentence(props: { history: CustodyHistory; check: Check; file: boolean }): ReactElement {
  const moments = useMoments();
  const { entries } = props.history;
  // What is sealed tells no time; the first entry of an item is never sealed.
  const times = entries.flatMap(({ at }) => at ?? []);
  const [first, last] = [times[0], times.at(-1)];
  if (first === undefined || last === undefined) return <>{say.empty}</>;
  const sealed = entries.filter((entry) => entry.sealed).length;
  const { check } = props;
  const outcome = outcomeOf(check);
  const second =
    outcome === "idle"
      ? say.logged
      : outcome === "running"
        ? say.checking
        : outcome === "holds"
          ? say.checked(moments.clock(check.at ?? new Date().toISOString()), props.file)
          : check.error === null
            ? say.checkFailed
            : say.checkBroken(check.error);
  return (
    <>
      {say.sentence(entries.length, moments.full(first), moments.full(last))}{" "}
      {sealed === 0 ? null : `${say.sealedCount(sealed)} `}
      <b className={`custody-${outcome}`}>{second}</b>
    </>
  );
}

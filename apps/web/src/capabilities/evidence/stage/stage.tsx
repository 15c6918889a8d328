import type { Evidence } from "@sworn/contract";
import { useCallback, useEffect, useRef, type KeyboardEvent as KeyPress, type ReactElement } from "react";
import { useMay } from "../../../app/me.ts";
import { sworn } from "../../../app/server.ts";
import { words } from "../../../words/index.ts";
import { isOwnKey, isTyping, stageKeys } from "./keys.ts";
import { framesOf } from "./frame-times.ts";
import type { Part } from "./parts.ts";
import { pictureStyle } from "./picture-view.ts";
import { attachSource, sourceOf } from "./source.ts";
import { StageNotice } from "./stage-notice.tsx";
import { Transport } from "./transport.tsx";
import { useCaptions } from "./use-captions.ts";
import { panKeys, pictureKeys, usePictureView } from "./use-picture-view.ts";
import { usePlayer, usePlayerState } from "./use-player.ts";
import { LiveBadge } from "./live-badge.tsx";
import { ViewNote } from "./view-note.tsx";
import "./stage.css";

/** The picture and what drives it. */
export function Stage(props: { evidence: Evidence; parts: readonly Part[] }): ReactElement {
  const { evidence } = props;
  const player = usePlayer();
  const frame = useRef<HTMLDivElement>(null);
  const picture = useRef<HTMLDivElement>(null);
  const video = useRef<HTMLVideoElement>(null);
  const mayView = useMay()("evidence.view") && !evidence.locked;
  const source = sourceOf(evidence, mayView);
  const address = source === null ? null : `${source.kind} ${source.url}`;
  const live = source?.kind === "playlist" && source.live;
  const hasPicture = useShowsPicture(evidence) && mayView;
  const hand = usePictureView(picture);
  const { view, change } = hand;
  const captions = useCaptions(video, address);
  const sees = (source !== null && evidence.kind === "video") || (evidence.kind === "photo" && hasPicture);

  useEffect(() => {
    const element = video.current;
    const chosen = sourceOf(evidence, mayView);
    if (element === null || chosen === null) return undefined;
    const detach = player.attach(element);
    const release = attachSource(element, chosen, () => player.set({ phase: "failed", playing: false }));
    if (chosen.kind === "playlist" && chosen.live) {
      // Sound waits for a person's touch; the picture need not.
      element.muted = true;
      element.autoplay = true;
    }
    return () => {
      release();
      detach();
    };
    // The item is asked for again while it changes; only another address is another source.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, [address, player]);

  const { parts } = props;
  const rate = evidence.media.facts?.video?.frameRate ?? null;
  useEffect(() => {
    player.useFrames(rate, framesOf(evidence, parts));
    // As above: only another state or another length is another file.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, [player, rate, evidence.id, evidence.state, parts.length]);

  const toggleFull = useCallback(() => {
    // With the time line under it, where the stage stands on a page that has one.
    const whole = frame.current?.closest(".evidence-left") ?? frame.current;
    if (document.fullscreenElement === null) void whole?.requestFullscreen().catch(() => undefined);
    else void document.exitFullscreen();
  }, []);

  useEffect(() => {
    const press = (event: KeyboardEvent): void => {
      if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target) || isOwnKey(event.target, event.key))
        return;
      const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
      const look = pictureKeys[key];
      if (key === "f") toggleFull();
      else if (key === "c" && captions.there) captions.toggle();
      else if (look !== undefined && sees) change((now) => look(now, event.shiftKey));
      else if (stageKeys[key] === undefined) return;
      else stageKeys[key](player, event);
      event.preventDefault();
    };
    document.addEventListener("keydown", press);
    return () => document.removeEventListener("keydown", press);
  }, [player, toggleFull, change, sees, captions]);

  const pan = (event: KeyPress): void => {
    const move = panKeys[event.key];
    if (move === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    change(move);
  };
  const facts = evidence.media.facts?.video ?? null;
  const turned = facts !== null && facts.rotation % 180 !== 0;
  const ratio = facts === null ? 16 / 9 : turned ? facts.height / facts.width : facts.width / facts.height;
  return (
    <div className="stage" ref={frame}>
      {/* oxlint-disable-next-line jsx-a11y/no-static-element-interactions -- a group that can be moved while it is larger than its frame */}
      <div
        ref={picture}
        className={`stage-picture${view.scale > 1 ? " stage-close" : ""}`}
        style={{ "--ratio": String(ratio) }}
        {...(sees ? hand.handlers : {})}
        {...(view.scale > 1
          ? { role: "group", tabIndex: 0, "aria-label": words.evidence.view.moving, onKeyDown: pan }
          : {})}
      >
        {source === null ? null : (
          // oxlint-disable-next-line jsx-a11y/media-has-caption -- footage has captions only where somebody made them
          <video
            ref={video}
            className="stage-video"
            playsInline
            preload="auto"
            poster={evidence.hasPoster ? sworn.evidence.posterUrl(evidence.id) : undefined}
            onClick={() => {
              if (!hand.moved()) player.toggle();
            }}
            style={pictureStyle(view)}
            aria-label={words.evidence.pictureOf(evidence.title)}
          >
            {evidence.captionsId === null ? null : (
              // Asked for when it is switched on, not before: reading it is an event.
              <track
                key={evidence.captionsId}
                kind="captions"
                label={words.captions.track}
                src={sworn.evidence.captionsUrl(evidence.id)}
              />
            )}
          </video>
        )}
        {evidence.kind === "photo" && hasPicture ? (
          <img
            className="stage-video"
            src={sworn.evidence.mediaUrl(evidence.id)}
            alt={evidence.title}
            draggable={false}
            style={pictureStyle(view)}
          />
        ) : null}
        {live ? <LiveBadge /> : null}
        <StageNotice evidence={evidence} />
        {sees ? <ViewNote hand={hand} /> : null}
      </div>
      {source === null ? null : (
        <Transport live={live} onFullscreen={toggleFull} captions={captions} hand={sees ? hand : null} />
      )}
    </div>
  );
}

function useShowsPicture(evidence: Evidence): boolean {
  const failed = usePlayerState((state) => state.phase === "failed");
  return !failed && (evidence.state === "stored" || evidence.state === "incomplete");
}

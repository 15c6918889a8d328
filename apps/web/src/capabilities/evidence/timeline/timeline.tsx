import type { Evidence } from "@sworn/contract";
import { useEffect, useLayoutEffect, useRef, useState, type PointerEvent, type ReactElement } from "react";
import { words } from "../../../words/index.ts";
import type { Fix } from "../path/geometry.ts";
import { isTyping } from "../stage/keys.ts";
import type { Part } from "../stage/parts.ts";
import { usePlayer, usePlayerState } from "../stage/use-player.ts";
import { laneView, type Lane } from "./lane.ts";
import { Cursor, PartEdges, Range } from "./overlays.tsx";
import { PartsLane } from "./parts-lane.tsx";
import { Preview } from "./preview.tsx";
import { RangeKeys } from "./range-keys.tsx";
import { Ruler } from "./ruler.tsx";
import { Scrubber } from "./scrubber.tsx";
import { SoundLane } from "./sound-lane.tsx";
import { SpeedLane } from "./speed-lane.tsx";
import { StoryboardLane, storyboardHeight } from "./storyboard-lane.tsx";
import { useLaneWheel, useStretch } from "./use-stretch.ts";
import { useStrips } from "./use-strips.ts";
import { ZoomBar } from "./zoom-bar.tsx";
import "./timeline.css";

const say = words.evidence.timeline;

interface TimelineProps {
  readonly evidence: Evidence;
  readonly parts: readonly Part[];
  readonly fixes: readonly Fix[];
  /** Rows of other capabilities, below its own. */
  readonly lanes?: readonly Lane[];
}

/** One time line for everything: whatever lane the pointer is over, all lanes, the map and the clock follow. */
export function Timeline(props: TimelineProps): ReactElement | null {
  const fromPlayer = usePlayerState((state) => state.duration);
  const last = props.parts.at(-1);
  const duration = fromPlayer > 0 ? fromPlayer : (last?.start ?? 0) + (last?.duration ?? 0);
  return duration > 0 ? <Lanes {...props} duration={duration} /> : null;
}

function Lanes(props: TimelineProps & { duration: number }): ReactElement {
  const { evidence, parts, fixes, duration } = props;
  const player = usePlayer();
  const stack = useRef<HTMLDivElement>(null);
  const width = useWidth(stack);
  const zoom = useStretch(player, duration);
  const { from, to } = zoom.stretch;
  useLaneWheel(stack, zoom);
  useZoomKeys(zoom.zoom);
  const strips = useStrips(evidence, parts, zoom.stretch);
  const view = laneView(from, to, duration, width);
  const lanes: readonly Lane[] = [
    { key: "ruler", name: say.time, height: 26, draw: (at) => <Ruler view={at} /> },
    ...(parts.length > 1
      ? [{ key: "parts", name: say.parts, height: 20, draw: () => <PartsLane view={view} parts={parts} /> }]
      : []),
    ...(strips.some(({ storyboard }) => storyboard !== null)
      ? [
          {
            key: "storyboard",
            name: say.pictures,
            height: storyboardHeight,
            draw: () => <StoryboardLane view={view} strips={strips} />,
          },
        ]
      : []),
    ...(strips.some(({ waveform }) => waveform !== null)
      ? [{ key: "sound", name: say.sound, height: 34, draw: () => <SoundLane view={view} strips={strips} /> }]
      : []),
    ...(fixes.length > 1
      ? [{ key: "speed", name: say.speed, height: 34, draw: () => <SpeedLane view={view} fixes={fixes} /> }]
      : []),
    ...(props.lanes ?? []),
  ];

  const timeUnder = (event: PointerEvent): number => {
    const box = stack.current?.getBoundingClientRect();
    if (box === undefined || box.width === 0) return 0;
    return from + Math.max(0, Math.min(1, (event.clientX - box.left) / box.width)) * (to - from);
  };
  const drag = (event: PointerEvent<HTMLDivElement>): void => {
    const time = timeUnder(event);
    player.hover(time);
    if (event.buttons === 1 && event.currentTarget.hasPointerCapture(event.pointerId)) player.seek(time);
  };
  const begin = (event: PointerEvent<HTMLDivElement>): void => {
    const own = event.target instanceof Element && event.target.closest(".lane-mark") !== null;
    if (event.button !== 0 || own) return;
    event.currentTarget.setPointerCapture(event.pointerId);
    player.seek(timeUnder(event));
  };
  return (
    <div className="lanes">
      <div className="lane-names" aria-hidden="true">
        {lanes.map(({ key, name, height }) => (
          <span key={key} style={{ height }}>
            {name}
          </span>
        ))}
      </div>
      <div
        className="lane-stack"
        ref={stack}
        onPointerDown={begin}
        onPointerMove={drag}
        onPointerLeave={() => player.hover(null)}
      >
        <Scrubber duration={duration} />
        {lanes.map(({ key, height, draw }) => (
          <div key={key} className={`lane lane-${key}`} style={{ height }}>
            {draw(view)}
          </div>
        ))}
        <Range view={view} />
        <PartEdges view={view} parts={parts} />
        <Cursor view={view} />
        <Preview view={view} strips={strips} />
      </div>
      <div className="lane-foot">
        <RangeKeys />
        <ZoomBar zoom={zoom} duration={duration} />
      </div>
    </div>
  );
}

function useWidth(box: { readonly current: HTMLElement | null }): number {
  const [width, setWidth] = useState(0);
  useLayoutEffect(() => {
    const element = box.current;
    if (element === null) return undefined;
    const measure = (): void => setWidth(element.clientWidth);
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    measure();
    return () => observer.disconnect();
  }, [box]);
  return width;
}

function useZoomKeys(zoom: (factor: number) => void): void {
  const latest = useRef(zoom);
  useEffect(() => {
    latest.current = zoom;
  });
  useEffect(() => {
    const press = (event: KeyboardEvent): void => {
      if (event.key.toLowerCase() !== "z" || event.ctrlKey || event.metaKey || event.altKey) return;
      if (isTyping(event.target) || event.defaultPrevented) return;
      latest.current(event.shiftKey ? 2 : 0.5);
      event.preventDefault();
    };
    document.addEventListener("keydown", press);
    return () => document.removeEventListener("keydown", press);
  }, []);
}

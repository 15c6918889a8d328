import { ActionIcon, Tooltip } from "@mantine/core";
import { IconArrowsHorizontal, IconZoomIn, IconZoomOut, type Icon } from "@tabler/icons-react";
import { useRef, type PointerEvent, type ReactElement } from "react";
import { formatTimecode } from "../../../ui/format/duration.ts";
import { words } from "../../../words/index.ts";
import { leastStretch } from "./stretch.ts";
import type { Zoom } from "./use-stretch.ts";

const say = words.evidence.timeline;

/** How close one looks, and where in the whole that is; only where there is something to look closer at. */
export function ZoomBar(props: { zoom: Zoom; duration: number }): ReactElement | null {
  const { zoom, duration } = props;
  const bar = useRef<HTMLDivElement>(null);
  if (duration <= leastStretch * 2) return null;
  const { from, to } = zoom.stretch;
  const drag = (event: PointerEvent<HTMLDivElement>): void => {
    const box = bar.current?.getBoundingClientRect();
    if (box === undefined || zoom.whole || event.buttons !== 1) return;
    event.currentTarget.setPointerCapture(event.pointerId);
    const wanted = ((event.clientX - box.left) / Math.max(1, box.width)) * duration;
    zoom.move(wanted - (from + to) / 2);
  };
  return (
    <div className="lane-zoom">
      <span className="lane-zoom-keys">
        <Key icon={IconZoomOut} label={say.wider} hint="⇧Z" off={zoom.whole} onPress={() => zoom.zoom(2)} />
        <Key icon={IconZoomIn} label={say.closer} hint="Z" onPress={() => zoom.zoom(0.5)} />
      </span>
      <div className="lane-zoom-bar" ref={bar} aria-hidden="true" onPointerDown={drag} onPointerMove={drag}>
        <span style={{ left: `${(from / duration) * 100}%`, width: `${((to - from) / duration) * 100}%` }} />
      </div>
      <span className="lane-zoom-said mono" role="status">
        {zoom.whole ? "" : say.shows(formatTimecode(from, { millis: false }), formatTimecode(to, { millis: false }))}
      </span>
      {zoom.whole ? null : <Key icon={IconArrowsHorizontal} label={say.whole} onPress={zoom.reset} />}
    </div>
  );
}

function Key(props: { icon: Icon; label: string; hint?: string; off?: boolean; onPress: () => void }): ReactElement {
  return (
    <Tooltip label={props.hint === undefined ? props.label : `${props.label} · ${props.hint}`} openDelay={400}>
      <ActionIcon
        className="stage-key"
        variant="subtle"
        size={26}
        disabled={props.off === true}
        onClick={props.onPress}
        aria-label={props.label}
      >
        <props.icon size={15} aria-hidden="true" />
      </ActionIcon>
    </Tooltip>
  );
}

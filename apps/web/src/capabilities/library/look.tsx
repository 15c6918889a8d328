import type { Evidence } from "@sworn/contract";
import { useMemo, useState, type ReactElement } from "react";
import { formatTimecode } from "../../ui/format/duration.ts";
import { words } from "../../words/index.ts";
// Not through the index: the whole evidence page would come with the list.
import { partsOf } from "../evidence/stage/parts.ts";
import { tileAt } from "../evidence/timeline/storyboard-tile.ts";
import { stripsAt, useStrips } from "../evidence/timeline/use-strips.ts";

const say = words.library.look;

/** Whether an item can have pictures to look through at all. */
export function hasLook(evidence: Evidence): boolean {
  return evidence.kind === "video" && evidence.state === "stored" && evidence.hasPoster;
}

/**
 * The storyboard over the poster, at `share` of the whole length. That it is drawn at all means that somebody asked for
 * it: the server logs the delivery, and the card says so (decision 011).
 */
export function Look(props: { evidence: Evidence; share: number; byKey?: boolean }): ReactElement | null {
  const { evidence, share } = props;
  const parts = useMemo(() => partsOf(evidence), [evidence]);
  const last = parts.at(-1);
  const duration = (last?.start ?? 0) + (last?.duration ?? 0);
  const whole = useMemo(() => ({ from: 0, to: Math.max(duration, 0.001) }), [duration]);
  const strips = useStrips(evidence, parts, whole);
  const [shown, setShown] = useState(false);
  const time = share * duration;
  const strip = stripsAt(strips, time);
  if (strip === undefined) return null;
  const { storyboard, url, part } = strip;
  if (storyboard === null)
    return props.byKey === true ? (
      <span className="look-said" role="status">
        {say.none}
      </span>
    ) : null;
  const { columns, tiles, tileWidth, tileHeight } = storyboard;
  const tile = tileAt(storyboard, time - part.start);
  const rows = Math.ceil(tiles.length / columns);
  return (
    <span className={`look${shown ? "" : " look-coming"}`} data-tile={tile}>
      <span className="look-tile" style={{ aspectRatio: `${tileWidth} / ${tileHeight}` }}>
        <img
          src={url}
          alt=""
          draggable={false}
          style={{
            width: `${columns * 100}%`,
            height: `${rows * 100}%`,
            left: `${-(tile % columns) * 100}%`,
            top: `${-Math.floor(tile / columns) * 100}%`,
          }}
          onLoad={() => setShown(true)}
        />
      </span>
      {shown ? (
        <>
          <span className="look-line" style={{ width: `${share * 100}%` }} />
          <span className="look-said" role={props.byKey === true ? "status" : undefined}>
            <span className="mono">{formatTimecode(time, { millis: false })}</span> · {say.logged}
          </span>
        </>
      ) : null}
    </span>
  );
}

import type { Evidence } from "@sworn/contract";
import { IconFile, IconMusic, IconPhoto, IconVideo } from "@tabler/icons-react";
import { useState, type ReactElement, type ReactNode } from "react";
import { useMay } from "../../app/me.ts";
import { sworn } from "../../app/server.ts";
import { formatTimecode } from "../../ui/format/duration.ts";
import { hasLook, Look } from "./look.tsx";
import { useRest } from "./use-rest.ts";

const icons = { video: IconVideo, audio: IconMusic, photo: IconPhoto, document: IconFile } as const;

/**
 * The item's picture on its small dark stage; without one, its kind. Children lie on top of it. Who rests on it, or has
 * pressed the key for it (`lookAt`), sees the storyboard.
 */
export function Poster(props: { evidence: Evidence; lookAt?: number | null; children?: ReactNode }): ReactElement {
  const { evidence, lookAt = null } = props;
  const able = useMay()("evidence.view") && hasLook(evidence);
  const { share, handlers } = useRest(able);
  const look = lookAt ?? share;
  const [broken, setBroken] = useState(false);
  const Glyph = icons[evidence.kind];
  const length = evidence.media.facts?.durationMs;
  return (
    <span className="poster" {...handlers}>
      {evidence.hasPoster && !broken ? (
        <img
          src={sworn.evidence.posterUrl(evidence.id)}
          alt=""
          loading="lazy"
          decoding="async"
          onError={() => setBroken(true)}
        />
      ) : (
        <Glyph size={28} stroke={1.4} aria-hidden="true" />
      )}
      {able && look !== null ? <Look evidence={evidence} share={look} byKey={lookAt !== null} /> : null}
      {props.children}
      {length === null || length === undefined ? null : (
        <span className="poster-length mono">{formatTimecode(length / 1000, { millis: false })}</span>
      )}
    </span>
  );
}

import type { Evidence } from "@sworn/contract";
import { IconEyeOff, IconMapPinOff, IconRoute } from "@tabler/icons-react";
import { lazy, Suspense, type ReactElement } from "react";
import { useMay } from "../../../app/me.ts";
import { reasonOf, sworn } from "../../../app/server.ts";
import { CalmNote } from "../../../ui/calm-note.tsx";
import { formatMetres } from "../../../ui/format/metres.ts";
import { formatNumber } from "../../../ui/format/number.ts";
import { words } from "../../../words/index.ts";
import { usePlayerState } from "../stage/use-player.ts";
import { pathLength, positionAt, type Fix } from "./geometry.ts";
import { speedStops } from "./speed-colour.ts";
import type { Track } from "./use-track.ts";
import "./path-panel.css";

// MapLibre is heavier than everything else together: the page stands before it arrives.
const PathMap = lazy(() => import("./path-map.tsx"));
const say = words.evidence.path;

/** Map, the place now, and where the positions come from; or calmly why there are none. */
export function PathPanel(props: { evidence: Evidence; track: Track }): ReactElement {
  const { evidence, track } = props;
  const mayView = useMay()("evidence.view");
  if (!mayView)
    return evidence.hasTrack ? (
      <CalmNote icon={IconEyeOff} title={say.notYours}>
        {say.notYoursBody}
      </CalmNote>
    ) : (
      <NoTrack evidence={evidence} />
    );
  if (track.state === "failed") {
    return (
      <CalmNote icon={IconMapPinOff} tone="problem" title={say.failed}>
        {reasonOf(track.error)}
      </CalmNote>
    );
  }
  if (track.state === "none") return <NoTrack evidence={evidence} />;
  return (
    <section className="path" aria-label={say.title}>
      <div className="path-map">
        {track.state === "ready" ? (
          <Suspense fallback={<div className="path-wait">{words.frame.loading}</div>}>
            <PathMap fixes={track.fixes} />
          </Suspense>
        ) : (
          <div className="path-wait">{words.frame.loading}</div>
        )}
      </div>
      {track.state === "ready" ? <PathFacts evidence={evidence} track={track} /> : null}
    </section>
  );
}

function NoTrack(props: { evidence: Evidence }): ReactElement {
  const { state, media } = props.evidence;
  const [icon, title, body] =
    state === "live" || state === "sealing"
      ? [IconRoute, say.later, say.laterBody]
      : state !== "incomplete" && (media.state === "pending" || media.state === "running")
        ? [IconRoute, say.reading, say.readingBody]
        : [IconMapPinOff, say.none, say.noneBody];
  return (
    <CalmNote icon={icon} title={title}>
      {body}
    </CalmNote>
  );
}

function PathFacts(props: { evidence: Evidence; track: Track }): ReactElement {
  const { fixes, features } = props.track;
  const properties = features[0]?.properties;
  const constellations = [...new Set(features.flatMap((feature) => feature.properties.constellations))];
  return (
    <>
      <PlaceNow fixes={fixes} />
      <div className="path-foot">
        <SpeedLegend />
        <p className="small quiet">
          {say.summary(formatMetres(pathLength(fixes)), fixes.length)}
          {properties === undefined ? null : ` · ${say.source(properties.source, properties.method, constellations)}`}
          {" · "}
          <a
            href={sworn.http.url(`/api/v1/evidence/${encodeURIComponent(props.evidence.id)}/track`)}
            download={`${props.evidence.title}.geojson`}
          >
            {say.download}
          </a>
        </p>
      </div>
    </>
  );
}

function PlaceNow(props: { fixes: readonly Fix[] }): ReactElement {
  // Ten readings a second are as many as anybody can read.
  const time = usePlayerState((state) => Math.round((state.hover ?? state.time) * 10) / 10);
  const fix = positionAt(props.fixes, time);
  if (fix === null) return <p className="path-now quiet">{say.noFixNow}</p>;
  const speed = fix.speed === null ? null : say.speed(fix.speed);
  return (
    <p className="path-now mono">
      <span>{say.coordinates(fix.lat, fix.lon)}</span>
      <span>
        {fix.accuracy === null ? say.accuracyUnknown : `±${formatNumber(fix.accuracy, fix.accuracy < 10 ? 1 : 0)} m`}
      </span>
      {speed === null ? null : <span>{speed}</span>}
      {fix.satellites === null ? null : <span>{say.satellites(fix.satellites)}</span>}
    </p>
  );
}

function SpeedLegend(): ReactElement {
  return (
    <div className="path-legend small quiet" aria-label={say.legend}>
      {speedStops.map(([limit, colour]) => (
        <span key={limit}>
          <i style={{ background: colour }} aria-hidden="true" />
          {limit === 0 ? say.still : `${Math.round(limit * 3.6)}`}
        </span>
      ))}
      <span>km/h</span>
    </div>
  );
}

import type { Evidence, Marker } from "@sworn/contract";
import { useQuery } from "@tanstack/react-query";
import { useMemo, type ReactElement } from "react";
import { useMay } from "../../../app/me.ts";
import { words } from "../../../words/index.ts";
import type { Part } from "../stage/parts.ts";
import type { Player } from "../stage/player.ts";
import type { Lane, LaneView } from "../timeline/lane.ts";
import { markersQuery, nameOf } from "./markers-query.ts";
import { sayStretch, stretchOf, type Stretch } from "./place.ts";

interface Placed {
  readonly marker: Marker;
  readonly stretch: Stretch;
}

/** The time line's row of markers: none while nothing stands on it. */
export function useMarkersLane(evidence: Evidence, parts: readonly Part[], player: Player): readonly Lane[] {
  const may = useMay()("marker.read");
  const { data } = useQuery({ ...markersQuery(evidence.id), enabled: may });
  return useMemo(() => {
    const placed = (data ?? []).flatMap((marker): Placed[] => {
      const stretch = stretchOf(marker.place, parts);
      return stretch === null ? [] : [{ marker, stretch }];
    });
    if (placed.length === 0) return [];
    const { lane: name } = words.markers;
    return [
      { key: "markers", name, height: 30, draw: (view) => <Marks view={view} placed={placed} player={player} /> },
    ];
  }, [data, parts, player]);
}

function Marks(props: { view: LaneView; placed: readonly Placed[]; player: Player }): ReactElement {
  const { view, player } = props;
  const seen = props.placed.filter(
    ({ stretch }) => (stretch.to ?? stretch.from) >= view.from && stretch.from <= view.to,
  );
  return (
    <>
      {seen.map(({ marker, stretch }) => {
        const { from, to } = stretch;
        const name = nameOf(marker, words.markers.kinds[marker.kind]);
        const width = to === null ? null : view.at(to) - view.at(from);
        return (
          <button
            key={marker.id}
            type="button"
            className={`lane-mark marker-mark marker-${marker.kind}${to === null ? "" : " marker-range"}`}
            style={{ left: `${view.at(from)}%`, ...(width === null ? {} : { width: `${width}%` }) }}
            aria-label={words.markers.goTo(name, sayStretch(stretch))}
            title={name}
            onClick={() => player.seek(from)}
          />
        );
      })}
    </>
  );
}

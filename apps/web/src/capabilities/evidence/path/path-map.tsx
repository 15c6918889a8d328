import { useComputedColorScheme } from "@mantine/core";
import {
  LngLatBounds,
  Map as MapView,
  Marker,
  NavigationControl,
  ScaleControl,
  setWorkerUrl,
  type GeoJSONSource,
} from "maplibre-gl";
import workerUrl from "maplibre-gl/dist/maplibre-gl-worker.mjs?url";
import "maplibre-gl/dist/maplibre-gl.css";
import type { GeoJSON } from "geojson";
import { useEffect, useRef, type ReactElement } from "react";
import { words } from "../../../words/index.ts";
import type { Player } from "../stage/player.ts";
import { usePlayer } from "../stage/use-player.ts";
import { countryOutlines } from "./countries.ts";
import { boundsOf, positionAt, ring, thin, type Fix } from "./geometry.ts";
import { mapColours, mapStyle } from "./map-style.ts";
import { gridLines } from "./metre-grid.ts";
import { nearestFix } from "./nearest-fix.ts";
import { pathSegments } from "./path-segments.ts";
import "./path-map.css";

const say = words.evidence.path;
// The worker is a file of this site: the policy allows no other script.
setWorkerUrl(workerUrl);

/** The path on an offline sheet, in step with the picture both ways. Nothing is fetched from anywhere else. */
export default function PathMap(props: { fixes: readonly Fix[] }): ReactElement {
  const { fixes } = props;
  const player = usePlayer();
  const scheme = useComputedColorScheme("light");
  const holder = useRef<HTMLDivElement>(null);

  useEffect(() => {
    const container = holder.current;
    if (container === null) return undefined;
    return showPath(container, fixes, player, scheme);
  }, [fixes, player, scheme]);

  return (
    <div className="map">
      <div ref={holder} className="map-sheet" role="region" aria-label={say.mapLabel} />
    </div>
  );
}

function showPath(container: HTMLElement, fixes: readonly Fix[], player: Player, scheme: "light" | "dark"): () => void {
  const bounds = boundsOf(fixes);
  const anchor = fixes[0] ?? { lon: 0, lat: 0 };
  const map = new MapView({
    container,
    style: mapStyle(mapColours[scheme]),
    ...(bounds === null ? {} : { bounds: new LngLatBounds(bounds) }),
    fitBoundsOptions: { padding: { top: 40, bottom: 48, left: 40, right: 48 }, maxZoom: 21 },
    maxZoom: 22,
    attributionControl: false,
    dragRotate: false,
    pitchWithRotate: false,
    touchPitch: false,
    // Whoever scrolls the page means the page: the map zooms with Ctrl, or with two fingers.
    cooperativeGestures: true,
    locale: {
      "Map.Title": words.frame.map.map,
      "Marker.Title": words.frame.map.marker,
      "NavigationControl.ZoomIn": words.frame.map.zoomIn,
      "NavigationControl.ZoomOut": words.frame.map.zoomOut,
      "Popup.Close": words.frame.map.close,
      "CooperativeGesturesHandler.WindowsHelpText": say.zoomWithCtrl,
      "CooperativeGesturesHandler.MacHelpText": say.zoomWithCommand,
      "CooperativeGesturesHandler.MobileHelpText": say.moveWithTwoFingers,
    },
    fadeDuration: 0,
    renderWorldCopies: false,
  });
  map.touchZoomRotate.disableRotation();
  map.addControl(new ScaleControl({ maxWidth: 96, unit: "metric" }), "bottom-left");
  map.addControl(new NavigationControl({ showCompass: false }), "top-right");

  const here = new Marker({ element: dot("map-here"), rotationAlignment: "map" });
  const ghost = new Marker({ element: dot("map-ghost") });
  for (const [fix, name] of [
    [fixes[0], "map-start"],
    [fixes.at(-1), "map-end"],
  ] as const) {
    if (fix !== undefined) new Marker({ element: dot(name) }).setLngLat([fix.lon, fix.lat]).addTo(map);
  }

  const draw = (id: string, data: GeoJSON): void => {
    // A map that was removed in the meantime has nothing to draw on.
    void map.getSource<GeoJSONSource>(id)?.setData(data);
  };
  const drawGrid = (): void => {
    const view = map.getBounds();
    const metresPerPixel = (Math.cos((map.getCenter().lat * Math.PI) / 180) * 40_075_017) / (512 * 2 ** map.getZoom());
    const { lines } = gridLines(
      { west: view.getWest(), south: view.getSouth(), east: view.getEast(), north: view.getNorth(), metresPerPixel },
      anchor,
    );
    draw("grid", { type: "FeatureCollection", features: lines });
  };
  let drawn = "";
  const follow = (): void => {
    const { time, hover } = player.state();
    const now = positionAt(fixes, time);
    const then = hover === null ? null : positionAt(fixes, hover);
    place(here, now, map);
    place(ghost, then, map);
    const key = now === null ? "" : `${now.lon.toFixed(6)} ${now.lat.toFixed(6)} ${now.accuracy}`;
    if (key === drawn) return;
    drawn = key;
    const near = now?.accuracy ?? null;
    draw("accuracy", {
      type: "FeatureCollection",
      features:
        now === null || near === null
          ? []
          : [{ type: "Feature", properties: {}, geometry: { type: "Polygon", coordinates: [ring(now, near)] } }],
    });
  };

  let release = (): void => undefined;
  map.on("load", () => {
    draw("path", { type: "FeatureCollection", features: pathSegments(thin(fixes, 4000)) });
    drawGrid();
    follow();
    release = player.subscribe(follow);
    void countryOutlines().then((outlines) => draw("countries", outlines));
  });
  map.on("moveend", drawGrid);

  const pick = (at: { x: number; y: number }, reach: number): Fix | null =>
    nearestFix(fixes, (fix) => map.project([fix.lon, fix.lat]), at, reach, player.state().time);
  map.on("mousemove", (event) => {
    const fix = pick(event.point, 28);
    map.getCanvas().style.cursor = fix === null ? "" : "pointer";
    player.hover(fix?.time ?? null);
  });
  map.on("mouseout", () => player.hover(null));
  map.on("click", (event) => {
    const fix = pick(event.point, 44);
    if (fix !== null) player.seek(fix.time);
  });

  return () => {
    release();
    map.remove();
  };
}

function dot(name: string): HTMLElement {
  const element = document.createElement("div");
  element.className = name;
  element.setAttribute("aria-hidden", "true");
  return element;
}

function place(marker: Marker, fix: Fix | null, map: MapView): void {
  if (fix === null) {
    marker.remove();
    return;
  }
  marker.setLngLat([fix.lon, fix.lat]);
  // A course without movement is noise: the arrow is shown only while walking or faster.
  const moves = fix.course !== null && (fix.speed ?? 0) > 0.4;
  marker.getElement().classList.toggle("map-moves", moves);
  marker.setRotation(moves ? (fix.course ?? 0) : 0);
  if (!marker.getElement().isConnected) marker.addTo(map);
}

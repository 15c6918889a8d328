import type { MapCell } from "@sworn/contract";
import type { Position } from "geojson";
import { Map as Sheet, Marker, NavigationControl, ScaleControl, setWorkerUrl, type GeoJSONSource } from "maplibre-gl";
import workerUrl from "maplibre-gl/dist/maplibre-gl-worker.mjs?url";
import "maplibre-gl/dist/maplibre-gl.css";
import { useEffect, useRef, useState, type ReactElement } from "react";
import { formatNumber } from "../../ui/format/number.ts";
import { words } from "../../words/index.ts";
import { countryOutlines } from "../evidence/path/countries.ts";
import { mapColours, mapStyle } from "../evidence/path/map-style.ts";
import { gridLines } from "../evidence/path/metre-grid.ts";
import "../evidence/path/path-map.css";
import type { Point } from "./shapes.ts";

const say = words.library.map;
setWorkerUrl(workerUrl);

/** West, south, east, north. */
export type Box = readonly [number, number, number, number];

/** The offline sheet with marks on it. It is told what to show and tells where it was moved, clicked and opened. */
export function MapSheet(props: {
  cells: readonly MapCell[];
  rings: readonly Position[][];
  draft: readonly Point[];
  drawing: boolean;
  scheme: "light" | "dark";
  onMove: (box: Box) => void;
  onClick: (point: Point) => void;
  onCell: (cell: MapCell) => void;
}): ReactElement {
  const holder = useRef<HTMLDivElement>(null);
  const [map, setMap] = useState<Sheet | null>(null);
  const now = useRef(props);
  useEffect(() => {
    now.current = props;
  });
  const { scheme, cells, rings, draft, drawing } = props;

  useEffect(() => {
    if (holder.current === null) return undefined;
    const sheet = openSheet(holder.current, scheme);
    sheet.on("load", () => setMap(sheet));
    sheet.on("moveend", () => now.current.onMove(boxOf(sheet)));
    sheet.on("click", ({ lngLat }) => now.current.onClick([lngLat.lng, lngLat.lat]));
    return () => {
      setMap(null);
      sheet.remove();
    };
  }, [scheme]);

  useEffect(() => {
    if (map === null) return undefined;
    const markers = cells.map((cell) =>
      new Marker({ element: markOf(cell, () => now.current.onCell(cell)) }).setLngLat([cell.lon, cell.lat]).addTo(map),
    );
    return () => {
      for (const marker of markers) marker.remove();
    };
  }, [map, cells]);

  // Once: to where the items are. Afterwards the person moves it.
  const found = useRef(false);
  useEffect(() => {
    if (map === null || found.current || cells.length === 0) return;
    found.current = true;
    const box = [
      Math.min(...cells.map(({ west }) => west)),
      Math.min(...cells.map(({ south }) => south)),
      Math.max(...cells.map(({ east }) => east)),
      Math.max(...cells.map(({ north }) => north)),
    ] as const;
    map.fitBounds([...box], { padding: 64, maxZoom: 15, animate: false });
  }, [map, cells]);

  useEffect(() => {
    if (map === null) return;
    const shown = [...rings, ...(draft.length > 0 ? [draft.map((point) => [...point])] : [])];
    void map.getSource<GeoJSONSource>("path")?.setData({
      type: "FeatureCollection",
      features: shown.map((coordinates) => ({
        type: "Feature",
        properties: { colour: mapColours[scheme].accent },
        geometry:
          coordinates.length > 1
            ? { type: "LineString", coordinates }
            : { type: "LineString", coordinates: [...coordinates, ...coordinates] },
      })),
    });
    map.getCanvas().style.cursor = drawing ? "crosshair" : "";
  }, [map, rings, draft, drawing, scheme]);

  return (
    <div className={`map map-found${drawing ? " map-drawing" : ""}`}>
      <div ref={holder} className="map-sheet" role="region" aria-label={say.label} />
    </div>
  );
}

function openSheet(container: HTMLElement, scheme: "light" | "dark"): Sheet {
  const sheet = new Sheet({
    container,
    style: mapStyle(mapColours[scheme]),
    center: [0, 20],
    zoom: 1,
    maxZoom: 20,
    attributionControl: false,
    dragRotate: false,
    pitchWithRotate: false,
    touchPitch: false,
    renderWorldCopies: false,
    fadeDuration: 0,
    cooperativeGestures: true,
    locale: {
      "Map.Title": words.frame.map.map,
      "NavigationControl.ZoomIn": words.frame.map.zoomIn,
      "NavigationControl.ZoomOut": words.frame.map.zoomOut,
      "CooperativeGesturesHandler.WindowsHelpText": words.evidence.path.zoomWithCtrl,
      "CooperativeGesturesHandler.MacHelpText": words.evidence.path.zoomWithCommand,
      "CooperativeGesturesHandler.MobileHelpText": words.evidence.path.moveWithTwoFingers,
    },
  });
  sheet.touchZoomRotate.disableRotation();
  sheet.addControl(new ScaleControl({ maxWidth: 96, unit: "metric" }), "bottom-left");
  sheet.addControl(new NavigationControl({ showCompass: false }), "top-right");
  const drawGrid = (): void => {
    const [west, south, east, north] = boxOf(sheet);
    const { lat, lng } = sheet.getCenter();
    const metresPerPixel = (Math.cos((lat * Math.PI) / 180) * 40_075_017) / (512 * 2 ** sheet.getZoom());
    // Anchored to whole degrees near the middle: the grid must not crawl while the map is moved.
    const anchor = { lat: Math.round(lat), lon: Math.round(lng) };
    const { lines } = gridLines({ west, south, east, north, metresPerPixel }, anchor);
    void sheet.getSource<GeoJSONSource>("grid")?.setData({ type: "FeatureCollection", features: lines });
  };
  sheet.on("load", () => {
    drawGrid();
    void countryOutlines().then((outlines) => sheet.getSource<GeoJSONSource>("countries")?.setData(outlines));
  });
  sheet.on("moveend", drawGrid);
  return sheet;
}

function boxOf(sheet: Sheet): Box {
  const view = sheet.getBounds();
  const within = (degrees: number, most: number): number => Number(Math.max(-most, Math.min(most, degrees)).toFixed(5));
  return [
    within(view.getWest(), 180),
    within(view.getSouth(), 90),
    within(view.getEast(), 180),
    within(view.getNorth(), 90),
  ];
}

/** A button, so that it is reached and opened by keys as well. */
function markOf(cell: MapCell, open: () => void): HTMLElement {
  const button = document.createElement("button");
  button.type = "button";
  button.className = cell.evidence === null ? "map-mark" : "map-mark map-mark-one";
  // Alone, an item is its pin: its name is what is read out and shown on resting.
  button.textContent = cell.evidence === null ? formatNumber(cell.count) : "";
  button.ariaLabel = cell.evidence?.title ?? say.cell(cell.count);
  button.title = button.ariaLabel;
  button.style.setProperty("--size", `${Math.round(28 + 8 * Math.log10(cell.count))}px`);
  button.addEventListener("click", (event) => {
    event.stopPropagation();
    open();
  });
  return button;
}

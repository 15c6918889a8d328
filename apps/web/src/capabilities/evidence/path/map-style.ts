import type { StyleSpecification } from "maplibre-gl";

export interface MapColours {
  readonly sea: string;
  readonly land: string;
  readonly border: string;
  readonly grid: string;
  readonly gridMajor: string;
  readonly casing: string;
  readonly accent: string;
}

export const mapColours: Readonly<Record<"light" | "dark", MapColours>> = {
  light: {
    sea: "#dfe7e8",
    land: "#f5f3ed",
    border: "#c3beb1",
    grid: "#e6e2d8",
    gridMajor: "#d5d0c3",
    casing: "#ffffff",
    accent: "#0f5c61",
  },
  dark: {
    sea: "#0c1214",
    land: "#181d20",
    border: "#3c464c",
    grid: "#21282c",
    gridMajor: "#303a3f",
    casing: "#0b0d0f",
    accent: "#62c6c2",
  },
};

/** A sheet with coast lines and a grid: no tiles, no glyphs, nothing that would be asked of anybody. */
export function mapStyle(colours: MapColours): StyleSpecification {
  const empty = { type: "geojson" as const, data: { type: "FeatureCollection" as const, features: [] } };
  return {
    version: 8,
    sources: { countries: empty, grid: empty, accuracy: empty, path: empty },
    layers: [
      { id: "sea", type: "background", paint: { "background-color": colours.sea } },
      { id: "land", type: "fill", source: "countries", paint: { "fill-color": colours.land, "fill-antialias": false } },
      {
        id: "grid",
        type: "line",
        source: "grid",
        paint: { "line-color": ["case", ["get", "major"], colours.gridMajor, colours.grid], "line-width": 1 },
      },
      { id: "border", type: "line", source: "countries", paint: { "line-color": colours.border, "line-width": 1 } },
      {
        id: "accuracy",
        type: "fill",
        source: "accuracy",
        paint: { "fill-color": colours.accent, "fill-opacity": 0.14, "fill-outline-color": colours.accent },
      },
      {
        id: "path-casing",
        type: "line",
        source: "path",
        layout: { "line-cap": "round", "line-join": "round" },
        paint: { "line-color": colours.casing, "line-width": 8 },
      },
      {
        id: "path",
        type: "line",
        source: "path",
        layout: { "line-cap": "round", "line-join": "round" },
        paint: { "line-color": ["get", "colour"], "line-width": 4.5 },
      },
    ],
  };
}

import atlasUrl from "world-atlas/countries-50m.json?url";
import type { FeatureCollection } from "geojson";
import { feature } from "topojson-client";
import type { GeometryCollection, Topology } from "topojson-specification";

let loaded: Promise<FeatureCollection> | null = null;

/** Country outlines (Natural Earth 1:50 million, public domain), from this server like everything else. */
export function countryOutlines(): Promise<FeatureCollection> {
  loaded ??= fetch(atlasUrl)
    .then((response) => response.json() as Promise<Topology<{ countries: GeometryCollection }>>)
    .then((atlas) => feature(atlas, atlas.objects.countries));
  return loaded;
}

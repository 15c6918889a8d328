import type { Marker } from "@sworn/contract";
import { queryOptions } from "@tanstack/react-query";
import { queries, sworn } from "../../../app/server.ts";
import { custodyKey } from "../../custody/index.ts";

export const markersQuery = (id: string) =>
  queryOptions({
    queryKey: ["evidence", id, "markers"],
    queryFn: async ({ signal }) => {
      const all: Marker[] = [];
      for await (const marker of sworn.markers.all(id, signal)) all.push(marker);
      return all;
    },
  });

/** After something was noted, changed or removed: the notes, and the entry that says so. */
export async function refreshMarkers(id: string): Promise<void> {
  await Promise.all([
    queries.invalidateQueries(markersQuery(id)),
    queries.invalidateQueries({ queryKey: custodyKey(id) }),
  ]);
}

/** What a marker is called in a sentence: its label, the beginning of its note, or what kind it is. */
export function nameOf(marker: Pick<Marker, "label" | "note">, kind: string): string {
  const said = marker.label === "" ? marker.note : marker.label;
  return said === "" ? kind : said.length > 60 ? `${said.slice(0, 59)}…` : said;
}

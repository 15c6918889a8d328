import { Problem } from "@sworn/contract";
import { z } from "zod";

/** A place in the list's order: the item's time and id. Opaque to clients, checked because they control it. */
const Place = z.tuple([z.iso.datetime(), z.uuid()]);
export type Place = { readonly at: Date; readonly id: string };

export function toCursor(place: Place): string {
  return Buffer.from(JSON.stringify([place.at.toISOString(), place.id])).toString("base64url");
}

export function fromCursor(cursor: string): Place {
  try {
    const [at, id] = Place.parse(JSON.parse(Buffer.from(cursor, "base64url").toString("utf8")));
    return { at: new Date(at), id };
  } catch (cause) {
    throw new Problem("request-malformed", "This page link is not one that the list gave.", { cause });
  }
}

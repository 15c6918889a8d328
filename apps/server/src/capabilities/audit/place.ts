import { Problem } from "@sworn/contract";
import { z } from "zod";

/** Where a page ended: the entry's time, number and id. Clients hold it, so it is checked. */
const Shape = z.tuple([z.iso.datetime(), z.int().nonnegative(), z.uuid()]);
export interface Place {
  readonly at: Date;
  readonly n: number;
  readonly id: string;
}

export function toCursor({ at, n, id }: Place): string {
  return Buffer.from(JSON.stringify([at.toISOString(), n, id])).toString("base64url");
}

export function fromCursor(cursor: string): Place {
  try {
    const [at, n, id] = Shape.parse(JSON.parse(Buffer.from(cursor, "base64url").toString("utf8")));
    return { at: new Date(at), n, id };
  } catch (cause) {
    throw new Problem("request-malformed", "This page link is not one that the audit gave.", { cause });
  }
}

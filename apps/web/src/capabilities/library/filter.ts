import { EvidenceKind, EvidenceState } from "@sworn/contract";
import type { EvidenceQuery } from "@sworn/sdk";

/** What the address holds. Every view of the library is a link. */
export interface LibrarySearch {
  readonly q?: string;
  readonly kind?: string;
  readonly state?: string;
  readonly as?: string;
}

/** Only what the contract knows is asked for: an address may have been typed by hand. */
export function filterOf(search: LibrarySearch): Omit<EvidenceQuery, "next" | "limit"> {
  const kind = EvidenceKind.safeParse(search.kind);
  const state = EvidenceState.safeParse(search.state);
  return {
    ...(search.q === undefined ? {} : { q: search.q.slice(0, 200) }),
    ...(kind.success ? { kind: kind.data } : {}),
    ...(state.success ? { state: state.data } : {}),
  };
}

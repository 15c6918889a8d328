import type { Permission, TodayKind, TodayRow } from "@sworn/contract";
import type { Tx } from "./database.ts";
import type { Principal } from "./http.ts";

/** One kind of thing that may wait for somebody. */
export interface TodaySource {
  readonly kind: TodayKind;
  /** Whoever may not do it is not reminded of it. */
  readonly needs: Permission;
  /**
   * At most `most` rows, the most urgent first. Reads what this principal may see, through the access predicate, and
   * never more than a bounded part of it.
   */
  readonly read: (tx: Tx, principal: Principal, most: number, now: Date) => Promise<TodayRow[]>;
}

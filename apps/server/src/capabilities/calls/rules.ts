import type { CallState, MatchReason, ResponderState } from "@sworn/contract";

export interface Margins {
  readonly beforeMs: number;
  readonly afterMs: number;
}
export interface Span {
  readonly fromMs: number;
  readonly toMs: number;
}
export interface Answering {
  readonly badge: string;
  /** Null: the badge was nobody's. */
  readonly personId: string | null;
  /** Whether the reader would see this person's footage if there was any. */
  readonly reached: boolean;
  readonly settled: boolean;
}
export interface CallFacts extends Span {
  readonly id: string;
  readonly responders: readonly Answering[];
}
export interface OtherCall extends Span {
  readonly id: string;
  readonly personIds: readonly string[];
}
export interface Footage extends Span {
  readonly id: string;
  /** Whose it is, and in whose hands its camera was meanwhile. */
  readonly wearers: readonly string[];
}
export interface Decision {
  readonly callId: string;
  readonly evidenceId: string;
  readonly state: "accepted" | "refused";
}
export interface MatchedItem {
  readonly id: string;
  readonly state: "right" | "ambiguous" | "accepted" | "refused";
  readonly reasons: readonly MatchReason[];
  readonly badges: readonly string[];
  readonly otherCalls: readonly string[];
}
export interface Match {
  readonly state: CallState;
  readonly responders: readonly { readonly badge: string; readonly state: ResponderState }[];
  readonly items: readonly MatchedItem[];
}

/** 2: recorded while the call lasted; 1: within the margin alone; 0: at another time. */
export function nearness(item: Span, call: Span, margins: Margins): 0 | 1 | 2 {
  if (item.fromMs <= call.toMs && item.toMs >= call.fromMs) return 2;
  return item.fromMs <= call.toMs + margins.afterMs && item.toMs >= call.fromMs - margins.beforeMs ? 1 : 0;
}

/**
 * Which footage shows a call, as far as badges and time say, and what people decided, which always holds. Footage is
 * surely right for one call at most: the one it was recorded during, or, recorded between calls, the only one near.
 * Where it was recorded during several calls, or by a camera in several hands, somebody must choose.
 *
 * @param others the other calls that wearers of this footage answered
 */
export function matchCall(
  call: CallFacts,
  footage: readonly Footage[],
  others: readonly OtherCall[],
  decisions: readonly Decision[],
  margins: Margins,
): Match {
  const said = new Map(decisions.map((each) => [`${each.callId} ${each.evidenceId}`, each.state]));
  const items = footage.flatMap((item) => judge(call, item, others, said, margins) ?? []);
  const responders = call.responders.map((one) => ({ badge: one.badge, state: stateOf(one, items) }));
  return {
    state: worstOf(responders.map(({ state }) => state)),
    responders,
    items: items.toSorted((a, b) => (a.id < b.id ? -1 : 1)),
  };
}

function judge(
  call: CallFacts,
  item: Footage,
  others: readonly OtherCall[],
  said: ReadonlyMap<string, Decision["state"]>,
  margins: Margins,
): MatchedItem | null {
  const decided = said.get(`${call.id} ${item.id}`);
  const badges = call.responders
    .filter(({ personId }) => personId !== null && item.wearers.includes(personId))
    .map(({ badge }) => badge);
  const near = badges.length === 0 ? 0 : nearness(item, call, margins);
  if (decided === undefined && near === 0) return null;
  const rivals = others
    .filter(({ id, personIds }) => id !== call.id && personIds.some((person) => item.wearers.includes(person)))
    .filter(({ id }) => said.get(`${id} ${item.id}`) !== "refused")
    .map((other) => ({ id: other.id, near: nearness(item, other, margins) }))
    .filter((other) => other.near > 0);
  const nearer = rivals.some((other) => other.near > near);
  // It lies in the margin alone and belongs to a call that lasted then, or that somebody gave it to.
  const elsewhere = rivals.some(({ id }) => said.get(`${id} ${item.id}`) === "accepted");
  if (decided === undefined && (nearer || (near === 1 && elsewhere))) return null;
  const doubtful = rivals.filter((other) => other.near === near).map(({ id }) => id);
  const hands = item.wearers.length > 1;
  const time: MatchReason[] = near === 2 ? ["time"] : near === 1 ? ["margin"] : ["by-hand"];
  return {
    id: item.id,
    state: decided ?? (doubtful.length > 0 || hands ? "ambiguous" : "right"),
    reasons: [
      ...(badges.length > 0 ? (["badge"] as const) : []),
      ...time,
      ...(doubtful.length > 0 ? (["other-call"] as const) : []),
      ...(hands ? (["several-wearers"] as const) : []),
    ],
    badges,
    otherCalls: doubtful.toSorted(),
  };
}

function stateOf({ badge, reached, settled, personId }: Answering, items: readonly MatchedItem[]): ResponderState {
  const own = new Set(items.filter(({ badges }) => badges.includes(badge)).map(({ state }) => state));
  if (own.has("accepted")) return "accepted";
  if (own.has("right")) return "right";
  if (settled) return "settled";
  if (own.has("ambiguous")) return "ambiguous";
  return reached || personId === null ? "missing" : "unseen";
}

const order: readonly ResponderState[] = ["ambiguous", "missing", "right", "unseen", "accepted", "settled"];

function worstOf(states: readonly ResponderState[]): CallState {
  return order.find((state) => states.includes(state)) ?? "nobody";
}

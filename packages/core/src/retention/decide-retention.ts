import { Temporal } from "temporal-polyfill";

/** Calendar time in the agency's zone: "4 years" ends on the same day of the month, whatever leap days lie between. */
export type RetentionPeriod = { readonly count: number; readonly unit: "day" | "month" | "year" } | "indefinite";

export type RetentionFacts = {
  /** IANA name; dates are this zone's. */
  readonly timeZone: string;
  /** RFC 3339 UTC: when the server had the last byte. Nothing was captured later than that. */
  readonly receivedAt: string;
  /** RFC 3339 UTC, or null where nobody says. */
  readonly capturedAt: string | null;
  /** Whether the capture time comes from satellites, checked network time or this server: not from a clock anyone can set. */
  readonly captureTimeTrusted: boolean;
  readonly categories: readonly { readonly id: string; readonly name: string; readonly keep: RetentionPeriod }[];
  /** What the agency keeps while nobody has said what an item is. */
  readonly uncategorised: RetentionPeriod;
  readonly holds: readonly { readonly id: string; readonly reason: string }[];
};

export type RetentionDecision = {
  /** Last day of keeping in the agency's zone (YYYY-MM-DD), by schedule alone; null: without end. */
  readonly keepUntil: string | null;
  /** First instant at which disposal would be lawful (RFC 3339 UTC); null while a hold lasts or keeping has no end. */
  readonly disposableFrom: string | null;
  /** Where the period begins, and why there. */
  readonly clock: {
    readonly at: string;
    readonly basis: "captured" | "received";
    readonly because:
      | "captured-at-trusted-time"
      | "capture-time-unknown"
      | "capture-time-untrusted"
      | "captured-after-received";
  };
  /** The category that decides; null: the rule for uncategorised items. */
  readonly decidedBy: { readonly id: string; readonly name: string } | null;
  readonly keep: RetentionPeriod;
  readonly heldBy: readonly string[];
};

/**
 * How long an item is kept, and why. The longest category wins; a hold wins over everything while it lasts. The period
 * runs from a capture time only where that can be trusted and lies before receipt, otherwise from receipt: a camera
 * clock set back ten years must not make footage disposable on the day it arrives, one set ahead must not keep it ten
 * years too long. RangeError on an unknown zone, a malformed time or a period that is not a positive whole number.
 */
export function decideRetention(facts: RetentionFacts): RetentionDecision {
  const clock = startClock(facts);
  const start = Temporal.Instant.from(clock.at).toZonedDateTimeISO(facts.timeZone);
  let decidedBy: RetentionDecision["decidedBy"] = null;
  let keep = facts.uncategorised;
  let end = facts.categories.length > 0 ? undefined : endOf(start, keep);
  for (const category of facts.categories) {
    const candidate = endOf(start, category.keep);
    if (end !== undefined && !isLater(candidate, end, category.id, decidedBy?.id)) continue;
    end = candidate;
    keep = category.keep;
    decidedBy = { id: category.id, name: category.name };
  }
  const last = end ?? null;
  const heldBy = facts.holds.map(({ id }) => id);
  const free = last === null || heldBy.length > 0 ? null : last.add({ days: 1 }).toZonedDateTime(facts.timeZone);
  return {
    keepUntil: last?.toString() ?? null,
    disposableFrom: free?.toInstant().toString({ fractionalSecondDigits: 3 }) ?? null,
    clock,
    decidedBy,
    keep,
    heldBy,
  };
}

function startClock({ receivedAt, capturedAt, captureTimeTrusted }: RetentionFacts): RetentionDecision["clock"] {
  const received = { at: receivedAt, basis: "received" } as const;
  if (capturedAt === null) return { ...received, because: "capture-time-unknown" };
  if (!captureTimeTrusted) return { ...received, because: "capture-time-untrusted" };
  if (Temporal.Instant.compare(Temporal.Instant.from(capturedAt), Temporal.Instant.from(receivedAt)) > 0)
    return { ...received, because: "captured-after-received" };
  return { at: capturedAt, basis: "captured", because: "captured-at-trusted-time" };
}

/** Last day of keeping; null: no end. */
function endOf(start: Temporal.ZonedDateTime, keep: RetentionPeriod): Temporal.PlainDate | null {
  if (keep === "indefinite") return null;
  if (!Number.isSafeInteger(keep.count) || keep.count < 1)
    throw new RangeError(`a period is a positive whole number of days, months or years, not ${keep.count}`);
  // 31 January and one month: the last day of February, never a day of March that nobody promised.
  const end = start.toPlainDate().add({ [`${keep.unit}s`]: keep.count }, { overflow: "constrain" });
  // RFC 3339 and the database's dates have four digits for a year: what lies beyond is without end.
  return end.year > 9998 ? null : end;
}

/** Later wins, no end is the latest. Of equals the smaller id: the answer must not depend on the order of rows. */
function isLater(
  a: Temporal.PlainDate | null,
  b: Temporal.PlainDate | null,
  idOfA: string,
  idOfB: string | undefined,
): boolean {
  if (a === null || b === null) {
    if (a !== b) return a === null;
  } else {
    const order = Temporal.PlainDate.compare(a, b);
    if (order !== 0) return order > 0;
  }
  return idOfB !== undefined && idOfA < idOfB;
}

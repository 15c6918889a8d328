import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type CallFacts, type Decision, type Footage, matchCall, nearness, type OtherCall } from "./rules.ts";

const margins = { beforeMs: 15, afterMs: 30 };
const ids = ["a", "b", "c", "d"] as const;
const people = ["adair", "brandt", "okafor"] as const;
const span = fc.tuple(fc.integer({ min: 0, max: 300 }), fc.integer({ min: 0, max: 90 })).map(([from, length]) => ({
  fromMs: from,
  toMs: from + length,
}));
const calls = fc.array(fc.tuple(span, fc.subarray([...people])), { minLength: 1, maxLength: 4 }).map((given) =>
  given.map(([when, answered], at): CallFacts => ({
    id: ids[at] ?? "a",
    ...when,
    responders: answered.map((personId) => ({ badge: `B-${personId}`, personId, reached: true, settled: false })),
  })),
);
const footage = fc
  .array(fc.tuple(span, fc.subarray([...people], { minLength: 1, maxLength: 2 })), { maxLength: 6 })
  .map((given) => given.map(([when, wearers], at): Footage => ({ id: `e${at}`, ...when, wearers })));
const decisions = fc.uniqueArray(
  fc.record({
    callId: fc.constantFrom(...ids),
    evidenceId: fc.constantFrom("e0", "e1", "e2", "e3"),
    state: fc.constantFrom<Decision["state"]>("accepted", "refused"),
  }),
  { maxLength: 4, selector: (each) => `${each.callId} ${each.evidenceId}` },
);
const others = (all: readonly CallFacts[]): OtherCall[] =>
  all.map(({ responders, ...call }) => ({ ...call, personIds: responders.flatMap(({ personId }) => personId ?? []) }));

describe("matching calls and footage", () => {
  it("is surely right for one call at most, whatever lies around it, and keeps what people said", () => {
    fc.assert(
      fc.property(calls, footage, decisions, (all, items, said) => {
        const matches = all.map((call) => ({ call, match: matchCall(call, items, others(all), said, margins) }));
        for (const item of items) {
          const right = matches.filter(({ match }) =>
            match.items.some((each) => each.id === item.id && each.state === "right"),
          );
          expect(right.length).toBeLessThanOrEqual(1);
        }
        for (const { call, match } of matches)
          for (const item of items) {
            const found = match.items.find(({ id }) => id === item.id);
            const decided = said.find((each) => each.callId === call.id && each.evidenceId === item.id);
            if (decided !== undefined) expect(found?.state).toBe(decided.state);
            else if (found !== undefined) {
              expect(nearness(item, call, margins)).toBeGreaterThan(0);
              expect(found.badges.length).toBeGreaterThan(0);
              if (item.wearers.length > 1) expect(found.state).toBe("ambiguous");
            }
          }
      }),
    );
  });

  it("depends on nothing but what it is given: not on order, nor on where the clock began", () => {
    fc.assert(
      fc.property(calls, footage, decisions, fc.integer({ min: -1000, max: 1000 }), (all, items, said, by) => {
        const [call] = all;
        if (call === undefined) return;
        const once = matchCall(call, items, others(all), said, margins);
        expect(matchCall(call, items.toReversed(), others(all).toReversed(), said.toReversed(), margins)).toEqual(once);
        const moved = <T extends { fromMs: number; toMs: number }>(each: T): T => ({
          ...each,
          fromMs: each.fromMs + by,
          toMs: each.toMs + by,
        });
        expect(matchCall(moved(call), items.map(moved), others(all).map(moved), said, margins)).toEqual(once);
      }),
    );
  });

  it("once accepted, somebody's footage is neither missing nor doubtful any more", () => {
    fc.assert(
      fc.property(calls, footage, (all, items) => {
        for (const call of all) {
          const before = matchCall(call, items, others(all), [], margins);
          for (const item of before.items) {
            const said: Decision[] = [{ callId: call.id, evidenceId: item.id, state: "accepted" }];
            const after = matchCall(call, items, others(all), said, margins);
            for (const badge of item.badges)
              expect(after.responders.find((each) => each.badge === badge)?.state).toBe("accepted");
          }
        }
      }),
    );
  });

  it("says missing, settled, unseen and nobody apart", () => {
    const one = { badge: "1", personId: "adair", reached: true, settled: false };
    const call = (of: Partial<typeof one>): CallFacts => ({
      id: "a",
      fromMs: 0,
      toMs: 9,
      responders: [{ ...one, ...of }],
    });
    const state = (of: CallFacts): string => matchCall(of, [], [], [], margins).state;
    expect(state(call({}))).toBe("missing");
    expect(state(call({ settled: true }))).toBe("settled");
    expect(state(call({ reached: false }))).toBe("unseen");
    expect(state({ ...call({}), responders: [] })).toBe("nobody");
    // Back to back: what begins with the second call is not the first one's, though its margin reaches there.
    const second = { id: "b", fromMs: 12, toMs: 40, personIds: ["adair"] };
    const item = { id: "e0", fromMs: 12, toMs: 39, wearers: ["adair"] };
    expect(matchCall(call({}), [item], [second], [], margins).items).toEqual([]);
    expect(matchCall({ ...call({}), toMs: 14 }, [item], [second], [], margins).items).toMatchObject([
      { state: "ambiguous", otherCalls: ["b"], reasons: ["badge", "time", "other-call"] },
    ]);
  });
});

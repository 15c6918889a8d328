import { expect, it } from "vitest";
import { judgeEntry } from "./judge-entry.ts";

const rules = { secondFactor: ["admin"], noticeVersion: 3 };
const person = { roles: ["officer"], totp: false };
const fresh = { strong: false, noticeVersion: null };

it("asks for the notice first, in its present version, then for a second factor", () => {
  expect(judgeEntry(fresh, { ...person, roles: ["officer", "admin"] }, rules)).toBe("notice-not-accepted");
  expect(judgeEntry({ ...fresh, noticeVersion: 2 }, person, rules)).toBe("notice-not-accepted");
  const accepted = { ...fresh, noticeVersion: 3 };
  expect(judgeEntry(accepted, person, rules)).toBeNull();
  expect(judgeEntry(accepted, { ...person, roles: ["officer", "admin"] }, rules)).toBe("second-factor-needed");
  expect(judgeEntry(accepted, { ...person, totp: true }, rules)).toBe("second-factor-needed");
  expect(judgeEntry({ ...accepted, strong: true }, { roles: ["admin"], totp: true }, rules)).toBeNull();
  expect(judgeEntry(fresh, person, { secondFactor: [], noticeVersion: 0 })).toBeNull();
});

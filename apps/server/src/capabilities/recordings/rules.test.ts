import { expect, it } from "vitest";
import { assertTakeHasRoom, TAKE_FRAGMENTS } from "./rules.ts";

it("ends a part after a day, so that nobody has to hold a year of rows", () => {
  expect(() => assertTakeHasRoom(-1)).not.toThrow();
  expect(() => assertTakeHasRoom(TAKE_FRAGMENTS - 1)).not.toThrow();
  expect(() => assertTakeHasRoom(TAKE_FRAGMENTS)).toThrow(expect.objectContaining({ code: "take-closed" }));
});

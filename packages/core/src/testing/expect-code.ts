import { expect } from "vitest";
import { CoreError } from "../error.ts";

/** Runs `act` and asserts that it throws a CoreError with exactly this code; 'ok' means that it must not throw. */
export function expectCode(act: () => unknown, code: string): void {
  expect(outcome(act)).toBe(code);
}

/** 'ok', or the code that was refused with; any other error is a defect and is thrown on. */
export function outcome(act: () => unknown): string {
  try {
    act();
    return "ok";
  } catch (error) {
    if (error instanceof CoreError && error.name === "CoreError") return error.code;
    throw error;
  }
}

let locked = false;
const waiting = new Set<() => void>();
const listeners = new Set<() => void>();

function change(to: boolean): void {
  if (locked === to) return;
  locked = to;
  for (const listener of listeners) listener();
}

export const isLocked = (): boolean => locked;
export function onLock(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** The server said so, or is about to: the lock screen comes up over whatever is there. */
export function lock(): void {
  change(true);
}

/** Shows the lock screen and waits behind it. */
export function untilUnlocked(): Promise<void> {
  change(true);
  return new Promise((resolve) => waiting.add(resolve));
}

/** The page goes on where it was: what was asked meanwhile is asked now. */
export function unlocked(): void {
  change(false);
  for (const resolve of waiting) resolve();
  waiting.clear();
}

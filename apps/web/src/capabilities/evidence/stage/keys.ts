import type { Player } from "./player.ts";

/** The editing room's keys. Keyed by what is typed, so that layouts other than QWERTY work too. */
export const stageKeys: Readonly<Record<string, (player: Player, event: KeyboardEvent) => void>> = {
  " ": (player) => player.toggle(),
  k: (player) => player.toggle(),
  j: (player) => player.shuttle(-1),
  l: (player, event) => (event.shiftKey ? player.setLooping(!player.state().looping) : player.shuttle(1)),
  i: (player) => player.markIn(),
  o: (player) => player.markOut(),
  x: (player) => player.clearRange(),
  ",": (player) => player.step(-1),
  ".": (player) => player.step(1),
  ArrowLeft: (player, event) => player.skip(event.shiftKey ? -1 : -5),
  ArrowRight: (player, event) => player.skip(event.shiftKey ? 1 : 5),
  ArrowUp: (player) => player.setVolume(player.state().volume + 0.1),
  ArrowDown: (player) => player.setVolume(player.state().volume - 0.1),
  "[": (player) => player.changeRate(-1),
  "]": (player) => player.changeRate(1),
  Backspace: (player) => player.setRate(1),
  Home: (player) => player.seek(0),
  End: (player) => player.seek(player.state().duration),
  v: (player) => player.toggleMuted(),
};

/** Keys belong to a field, a menu or a dialog while one has the focus. */
export function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  return target.closest("input, textarea, select, [contenteditable], [role=menu], dialog, [role=listbox]") !== null;
}

/** A focused button or slider keeps the keys that work it. */
export function isOwnKey(target: EventTarget | null, key: string): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target.closest("button, a, summary") !== null && (key === " " || key === "Enter")) return true;
  return (
    target.closest("[role=slider], .maplibregl-map, .stage-close") !== null &&
    (key.startsWith("Arrow") || key === "Home" || key === "End")
  );
}

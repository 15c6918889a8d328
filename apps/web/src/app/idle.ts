/** When the person last did something here: pressed, moved, typed, or watched footage that ends by itself. */
let last = Date.now();
const note = (): void => {
  last = Date.now();
};

for (const kind of ["pointerdown", "pointermove", "keydown", "wheel", "touchstart"])
  document.addEventListener(kind, note, { capture: true, passive: true });
// A live picture goes on without anybody watching; a recording is watched to its end.
document.addEventListener(
  "timeupdate",
  ({ target }) => {
    if (target instanceof HTMLMediaElement && Number.isFinite(target.duration) && !document.hidden) note();
  },
  { capture: true },
);

export const idleSeconds = (): number => (Date.now() - last) / 1000;

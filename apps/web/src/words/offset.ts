/** "+1:30.000" or "−5.250 s": a difference of clocks, with its sign. */
export function formatOffset(ms: number): string {
  const sign = ms < 0 ? "−" : "+";
  const whole = Math.abs(ms);
  const [hours, minutes, seconds] = [
    Math.floor(whole / 3_600_000),
    Math.floor(whole / 60_000) % 60,
    (whole % 60_000) / 1000,
  ];
  if (whole < 60_000) return `${sign}${seconds.toFixed(3)} s`;
  const rest = `${String(minutes).padStart(hours > 0 ? 2 : 1, "0")}:${seconds.toFixed(3).padStart(6, "0")}`;
  return `${sign}${hours > 0 ? `${hours}:` : ""}${rest}`;
}

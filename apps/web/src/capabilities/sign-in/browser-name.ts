/** Brands by which they call themselves, the most particular first: each of them also claims to be those after it. */
const browsers: readonly (readonly [RegExp, string])[] = [
  [/Edg(?:e|A|iOS)?\//, "Edge"],
  [/OPR\//, "Opera"],
  [/Firefox\/|FxiOS\//, "Firefox"],
  [/(?:Headless)?Chrome\/|CriOS\//, "Chrome"],
  [/Safari\//, "Safari"],
];
const systems: readonly (readonly [RegExp, string])[] = [
  [/Windows/, "Windows"],
  [/Android/, "Android"],
  [/iPhone|iPad/, "iOS"],
  [/Mac OS X/, "macOS"],
  [/CrOS/, "ChromeOS"],
  [/Linux/, "Linux"],
];

/** "Firefox, Windows" from what a browser says of itself; null where that tells nothing. */
export function browserName(agent: string): string | null {
  const of = (list: typeof browsers): string | undefined => list.find(([mark]) => mark.test(agent))?.[1];
  const names = [of(browsers), of(systems)].filter((name) => name !== undefined);
  return names.length === 0 ? null : names.join(", ");
}

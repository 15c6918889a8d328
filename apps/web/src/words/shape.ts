/** The same keys and the same parameters with any sentences: what a translation has to fill. */
export type Shape<T> = T extends string
  ? string
  : T extends (...given: infer Given) => infer Said
    ? (...given: Given) => Shape<Said>
    : { readonly [Key in keyof T]: Shape<T[Key]> };

type Group = Record<string, unknown>;
const isGroup = (value: unknown): value is Group =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Groups are copied, sentences and lists shared. */
export function copyOf<T>(group: T): T {
  if (!isGroup(group)) return group;
  return Object.fromEntries(Object.entries(group).map(([key, value]) => [key, copyOf(value)])) as T;
}

/** Puts the sentences of one catalogue into the groups of another, whose identity stays. */
export function overwrite(into: unknown, from: unknown): void {
  if (!isGroup(into) || !isGroup(from)) return;
  for (const [key, value] of Object.entries(from)) {
    if (isGroup(value) && isGroup(into[key])) overwrite(into[key], value);
    else into[key] = value;
  }
}

/** Whether something that changes with the language stands at this path: a sentence or a list, no group of them. */
export function isSentence(words: unknown, path: readonly string[]): boolean {
  let at = words;
  for (const key of path) {
    if (!isGroup(at)) return false;
    at = at[key];
  }
  return at !== undefined && !isGroup(at);
}

/** What a check is doing. `total` is null where it is not known beforehand; units are rows, or bytes while reading objects. */
export interface Progress {
  readonly step: "log" | "tree" | "public copy" | "catalogue" | "objects" | "orphans";
  readonly done: number;
  readonly total: number | null;
}
export type OnProgress = (progress: Progress) => void;

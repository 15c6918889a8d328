/** What a custody sentence is made of: the event's own details, read without trusting that they are there. */
export interface EventFacts {
  readonly actor: "person" | "device" | "service";
  readonly reason: string | null;
  readonly text: (name: string) => string | null;
  readonly number: (name: string) => number | null;
  readonly bytes: (name: string) => string | null;
  readonly names: (name: string) => readonly string[];
}

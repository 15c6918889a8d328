export interface Page<T> {
  readonly items: readonly T[];
  /** Where the next page begins; null at the end. */
  readonly next: string | null;
}

/** Every item of a list, one after the other; a page is asked for once somebody gets as far. */
export async function* everyPage<T>(read: (next: string | undefined) => Promise<Page<T>>): AsyncGenerator<T, void> {
  for (let next: string | null | undefined; next !== null;) {
    const page: Page<T> = await read(next);
    yield* page.items;
    next = page.next;
  }
}

/** The log's public copy: tiles and checkpoints, in the clear, rebuildable from the database. Not evidence. */
export interface TileStore {
  /** Writes aside and renames; a full tile never changes, `checkpoint` and partial tiles do. */
  put(path: string, bytes: Uint8Array): Promise<void>;
  /** Null when there is none. */
  get(path: string): Promise<Uint8Array | null>;
}

/** Keys at rest. The master key never leaves the adapter; a KMS adapter would call out instead. */
export interface KeyRing {
  readonly masterKeyId: string;
  /** Wraps 32 bytes for storage; `context` (for example the evidence id) must be given again to unwrap. */
  wrap(key: Uint8Array, context: string): Promise<Uint8Array>;
  unwrap(wrapped: Uint8Array, context: string, masterKeyId: string): Promise<Uint8Array>;
  /** 32 bytes derived from the master key for one named purpose (database logins, session secret). */
  derive(purpose: string): Uint8Array;
  /** The log's Ed25519 key (C2SP signed note): public vkey text and a raw signature. */
  readonly logVkey: string;
  signLog(message: Uint8Array): Uint8Array;
}

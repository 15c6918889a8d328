import { Problem } from "@sworn/contract";
import { CoreError, type CoreErrorCode } from "@sworn/core";
import { BlobError } from "../../ports/blob-store.ts";

/** How stored bytes differ from what the catalogue says; the sealing codes come from the format itself. */
export type DamageCode =
  | Extract<CoreErrorCode, `seal-${string}`>
  | "object-missing"
  | "span-key-refused"
  | "span-hash-mismatch"
  | "spans-incomplete";

/** Stored bytes are not what they were. Nothing unproven is handed out; `damage` says what was found. */
export class StoredDamage extends Problem {
  readonly damage: DamageCode;
  readonly objectKey: string | null;
  constructor(damage: DamageCode, objectKey: string | null, cause?: unknown) {
    super("storage-damaged", undefined, { cause, extra: { damage } });
    this.name = "StoredDamage";
    this.damage = damage;
    this.objectKey = objectKey;
  }
}

/** Turns what went wrong while opening one object into damage; leaves everything else (a busy disk) as it is. */
export function asDamage(error: unknown, objectKey: string): unknown {
  if (error instanceof BlobError && error.code === "missing")
    return new StoredDamage("object-missing", objectKey, error);
  if (error instanceof CoreError && error.code.startsWith("seal-"))
    return new StoredDamage(error.code as DamageCode, objectKey, error);
  if (error instanceof CoreError && error.code.startsWith("wrap-"))
    return new StoredDamage("span-key-refused", objectKey, error);
  return error;
}

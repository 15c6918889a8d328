import type { Database } from "../../ports/database.ts";
import type { Clock } from "../../ports/clock.ts";
import type { Principal } from "../../ports/http.ts";
import { actorOf, append, type AppendDeps } from "../custody/index.ts";

/** Prints the keys whose loss would make every stored byte unreadable. Comes from the key ring's adapter. */
export interface RecoverySheets {
  sheet(): Promise<string>;
}

export interface RecoveryDeps {
  readonly database: Database;
  readonly custody: AppendDeps;
  readonly clock: Clock;
}

/**
 * The sheet, which is every key in the clear: that somebody fetched it is committed before it leaves, whether they
 * print it or not.
 */
export async function showRecoverySheet(
  deps: RecoveryDeps & { readonly recovery: RecoverySheets },
  principal: Principal,
): Promise<string> {
  await deps.database.forAgency(principal.agencyId, (tx) =>
    append(tx, deps.custody, principal.agencyId, {
      kind: "recovery.sheet-made",
      subject: { kind: "agency", id: principal.agencyId },
      ...actorOf(principal),
      details: { step: "fetched" },
    }),
  );
  return await deps.recovery.sheet();
}

/** From now on the warning is gone; the log says who said so. */
export async function confirmRecoverySheet(deps: RecoveryDeps, principal: Principal): Promise<void> {
  await deps.database.forAgency(principal.agencyId, async (tx) => {
    await tx
      .updateTable("sworn.deployment")
      .set({ recovery_sheet_at: new Date(deps.clock.now()) })
      .execute();
    await append(tx, deps.custody, principal.agencyId, {
      kind: "recovery.sheet-made",
      subject: { kind: "agency", id: principal.agencyId },
      ...actorOf(principal),
      details: { step: "kept" },
    });
  });
}

/**
 * The sheet was made on the server itself (`sworn admin recovery-sheet`): every agency's log says so, since the keys
 * are those of all. Before the sheet leaves.
 */
export async function noteSheetMadeHere(deps: Pick<RecoveryDeps, "database" | "custody">): Promise<void> {
  for (const agencyId of await deps.database.agencyIds())
    await deps.database.forAgency(agencyId, (tx) =>
      append(tx, deps.custody, agencyId, {
        kind: "recovery.sheet-made",
        subject: { kind: "agency", id: agencyId },
        actorId: null,
        details: { step: "fetched", on: "server" },
      }),
    );
}

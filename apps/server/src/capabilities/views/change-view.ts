import { type ChangeView, Problem, type SavedView, type SaveView, type ViewReach } from "@sworn/contract";
import { randomUUID } from "node:crypto";
import type { Clock } from "../../ports/clock.ts";
import type { Tx } from "../../ports/database.ts";
import { may, type Principal } from "../../ports/http.ts";
import { findView } from "./list-views.ts";

/** More of one's own than this are no longer found by name. */
const OWN = 100;

export async function saveView(tx: Tx, principal: Principal, { name, search, shared }: SaveView): Promise<SavedView> {
  const personId = personOf(principal);
  const { kept } = await tx
    .selectFrom("sworn.saved_view")
    .select((eb) => eb.fn.countAll<number>().as("kept"))
    .where("person_id", "=", personId)
    .where("removed_at", "is", null)
    .executeTakeFirstOrThrow();
  if (kept >= OWN) throw new Problem("request-malformed", `${OWN} views are kept at most. Remove one first.`);
  const id = randomUUID();
  await once(
    tx
      .insertInto("sworn.saved_view")
      .values({
        id,
        agency_id: principal.agencyId,
        person_id: personId,
        name,
        search: JSON.stringify(search),
        shared,
        unit_id: await unitFor(tx, principal, shared),
        removed_at: null,
      })
      .execute(),
  );
  return await viewOrThrow(tx, principal, id);
}

/** Only its owner; what somebody else shares is refused, what is not in one's list is not there. */
export async function changeView(
  tx: Tx,
  clock: Clock,
  principal: Principal,
  id: string,
  { name, search, shared, removed }: ChangeView,
): Promise<SavedView> {
  const personId = personOf(principal);
  const row = await tx
    .selectFrom("sworn.saved_view")
    .select(["id", "person_id"])
    .where("id", "=", id)
    .where("person_id", "=", personId)
    .forUpdate()
    .executeTakeFirst();
  if (row === undefined) {
    await viewOrThrow(tx, principal, id);
    throw new Problem("not-allowed", "This view is somebody else's. Save it under a name of yours to change it.");
  }
  const sharing = shared === undefined ? {} : { shared, unit_id: await unitFor(tx, principal, shared) };
  const set = {
    ...(name === undefined ? {} : { name }),
    ...(search === undefined ? {} : { search: JSON.stringify(search) }),
    ...sharing,
  };
  // What is answered is the view as it stands in a list: read before it leaves it.
  if (Object.keys(set).length > 0)
    await once(tx.updateTable("sworn.saved_view").set(set).where("id", "=", id).execute());
  if (removed === false)
    await once(tx.updateTable("sworn.saved_view").set({ removed_at: null }).where("id", "=", id).execute());
  const view = await viewOrThrow(tx, principal, id);
  if (removed === true)
    await tx
      .updateTable("sworn.saved_view")
      .set({ removed_at: new Date(clock.now()) })
      .where("id", "=", id)
      .execute();
  return view;
}

export async function chooseDefaultView(tx: Tx, principal: Principal, viewId: string | null): Promise<void> {
  const personId = personOf(principal);
  if (viewId !== null) await viewOrThrow(tx, principal, viewId);
  await tx.updateTable("sworn.person").set({ default_view_id: viewId }).where("id", "=", personId).execute();
}

async function viewOrThrow(tx: Tx, principal: Principal, id: string): Promise<SavedView> {
  const view = await findView(tx, principal, id);
  if (view === undefined) throw new Problem("not-found");
  return view;
}

/** How somebody has the library now: offered to them where they begin again. */
export async function leaveLibrary(tx: Tx, principal: Principal, search: Record<string, string>): Promise<void> {
  await tx
    .updateTable("sworn.person")
    .set({ left_library: JSON.stringify(search) })
    .where("id", "=", personOf(principal))
    .execute();
}

function personOf({ personId }: Principal): string {
  if (personId === null) throw new Problem("not-allowed", "A key keeps no views: they belong to people.");
  return personId;
}

/** The unit that a view is shared with: one's own. */
async function unitFor(tx: Tx, principal: Principal, shared: ViewReach): Promise<string | null> {
  if (shared === "me") return null;
  if (!may(principal, "view.share"))
    throw new Problem("not-allowed", "Your role keeps views, but does not share them.");
  if (shared === "agency") return null;
  const person = await tx
    .selectFrom("sworn.person")
    .select("unit_id")
    .where("id", "=", personOf(principal))
    .executeTakeFirst();
  if (person === undefined || person.unit_id === null)
    throw new Problem("request-malformed", "You belong to no unit: share it with the agency instead.");
  return person.unit_id;
}

async function once<T>(work: Promise<T>): Promise<T> {
  return await work.catch((error: unknown) => {
    if (error instanceof Error && "code" in error && error.code === "23505")
      throw new Problem("name-taken", "You have a view of that name already. Choose another name.", { cause: error });
    throw error;
  });
}

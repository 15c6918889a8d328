import {
  Category,
  ChangeCategory,
  ClassifyAnswer,
  ClassifyEvidence,
  CreateCategory,
  Id,
  PlaceHold,
  PlacedHolds,
  Problem,
  ReleasedHolds,
  ReleaseHolds,
  RestrictEvidence,
  RetentionAnswer,
  RetentionPeriod,
} from "@sworn/contract";
import { z } from "zod";
import type { Tx } from "../../ports/database.ts";
import { type Principal, type Route, route } from "../../ports/http.ts";
import { isOutside, visibleEvidence } from "../access/index.ts";
import { changeCategory, changeUncategorised, createCategory } from "./categories.ts";
import { classify } from "./classify.ts";
import { decideFamilies } from "./decide.ts";
import { listHolds, placeHolds, releaseHolds } from "./holds.ts";
import { restrict } from "./restrict.ts";
import type { RetentionDeps } from "./retention-deps.ts";
import { listCategories, readSchedule } from "./store.ts";

const IdParam = z.object({ id: Id });
const Uncategorised = z.object({ keep: RetentionPeriod });

/** Categories, how long items are kept and why, and the holds that stop disposal. */
export function retentionRoutes(deps: RetentionDeps): Route[] {
  const inAgency = <T>({ agencyId }: Principal, work: (tx: Tx) => Promise<T>): Promise<T> =>
    deps.database.forAgency(agencyId, work);
  return [
    route({
      method: "GET",
      path: "/api/v1/categories",
      access: { signedIn: true },
      summary: "Categories with their schedule, and what holds for uncategorised items",
      answer: z.object({ items: z.array(Category), uncategorised: RetentionPeriod }),
      handle: ({ principal }) =>
        inAgency(principal, async (tx) => ({
          body: { items: await listCategories(tx), uncategorised: (await readSchedule(tx)).uncategorised },
        })),
    }),
    route({
      method: "POST",
      path: "/api/v1/categories",
      access: { permission: "category.manage" },
      summary: "Add a category",
      body: CreateCategory,
      answer: Category,
      handle: async ({ principal, body }) => ({
        status: 201,
        body: await inAgency(principal, (tx) => createCategory(tx, deps, principal, body)),
      }),
    }),
    route({
      method: "PATCH",
      path: "/api/v1/categories/:id",
      access: { permission: "category.manage" },
      summary: "Change a category; a new period holds for the items that have it, too",
      params: IdParam,
      body: ChangeCategory,
      answer: Category,
      handle: async ({ principal, params, body }) => ({
        body: await inAgency(principal, (tx) => changeCategory(tx, deps, principal, params.id, body)),
      }),
    }),
    route({
      method: "PUT",
      path: "/api/v1/categories/uncategorised",
      access: { permission: "category.manage" },
      summary: "Say how long items are kept that nobody has categorised",
      body: Uncategorised,
      handle: async ({ principal, body }) => {
        await inAgency(principal, (tx) => changeUncategorised(tx, deps, principal, body.keep));
        return { status: 204 };
      },
    }),
    route({
      method: "POST",
      path: "/api/v1/evidence/classify",
      access: { permission: "evidence.classify" },
      summary: "Give items categories and take them away; dryRun says what would happen",
      body: ClassifyEvidence,
      answer: ClassifyAnswer,
      handle: async ({ principal, body }) => ({
        body: await inAgency(principal, (tx) => classify(tx, deps, principal, body)),
      }),
    }),
    route({
      method: "POST",
      path: "/api/v1/evidence/restrict",
      access: { permission: "evidence.restrict" },
      summary: "Give items to a restricted class, or take them out of theirs",
      body: RestrictEvidence,
      answer: ClassifyAnswer,
      handle: async ({ principal, body }) => ({
        body: await inAgency(principal, (tx) => restrict(tx, deps, principal, body)),
      }),
    }),
    route({
      method: "GET",
      path: "/api/v1/evidence/:id/retention",
      access: { permission: "evidence.list" },
      summary: "How long this item is kept, why, and what holds it",
      params: IdParam,
      answer: RetentionAnswer,
      handle: async ({ principal, params }) => ({
        body: await inAgency(principal, (tx) => readRetention(tx, principal, params.id)),
      }),
    }),
    route({
      method: "POST",
      path: "/api/v1/holds",
      access: { permission: "hold.manage" },
      summary: "Hold items: nothing of them is disposed of while the hold lasts",
      body: PlaceHold,
      answer: PlacedHolds,
      handle: async ({ principal, body }) => ({
        status: 201,
        body: await inAgency(principal, (tx) => placeHolds(tx, deps, principal, body)),
      }),
    }),
    route({
      method: "POST",
      path: "/api/v1/holds/release",
      access: { permission: "hold.manage" },
      summary: "End holds, with a reason",
      body: ReleaseHolds,
      answer: ReleasedHolds,
      handle: async ({ principal, body }) => ({
        body: await inAgency(principal, (tx) => releaseHolds(tx, deps, principal, body)),
      }),
    }),
  ];
}

async function readRetention(tx: Tx, principal: Principal, id: string): Promise<RetentionAnswer> {
  const row = await tx
    .selectFrom("sworn.evidence")
    .selectAll()
    .where("id", "=", id)
    .where(visibleEvidence(principal))
    .executeTakeFirst();
  if (row === undefined) throw new Problem("not-found");
  const decision = (await decideFamilies(tx, [row], await readSchedule(tx))).get(id);
  if (decision === undefined) throw new Problem("not-found");
  const { keepUntil, disposableFrom, clock, decidedBy, keep, follows } = decision;
  const restricted =
    row.restricted_class_id === null
      ? undefined
      : await tx
          .selectFrom("sworn.restricted_class")
          .select(["id", "name", "contact"])
          .where("id", "=", row.restricted_class_id)
          .executeTakeFirst();
  // Why an item is held, and who said so, is the agency's business.
  const holds = isOutside(principal) ? [] : await listHolds(tx, id);
  return { keepUntil, disposableFrom, clock, decidedBy, keep, follows, holds, restricted: restricted ?? null };
}

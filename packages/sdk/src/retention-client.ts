import {
  Category,
  type ChangeCategory,
  type ChangeUnit,
  ClassifyAnswer,
  type ClassifyEvidence,
  type CreateCategory,
  type CreateRestrictedClass,
  type CreateUnit,
  type PlaceHold,
  PlacedHolds,
  ReleasedHolds,
  type ReleaseHolds,
  type RestrictEvidence,
  RestrictedClass,
  RetentionAnswer,
  RetentionPeriod,
  Unit,
} from "@sworn/contract";
import { z } from "zod";
import type { HttpClient } from "./http-client.ts";

const Categories = z.object({ items: z.array(Category), uncategorised: RetentionPeriod });
const Units = z.object({ items: z.array(Unit) });
const Classes = z.object({ items: z.array(RestrictedClass) });

/** What items are, whose they are, how long they are kept, and who may not see them. */
export class RetentionClient {
  readonly #http: HttpClient;
  constructor(http: HttpClient) {
    this.#http = http;
  }

  /** Categories with their schedule, archived ones included, and how long uncategorised items are kept. */
  categories(signal?: AbortSignal): Promise<z.output<typeof Categories>> {
    return this.#http.json(Categories, "GET", "/api/v1/categories", { signal });
  }
  createCategory(category: z.input<typeof CreateCategory>): Promise<Category> {
    return this.#http.json(Category, "POST", "/api/v1/categories", { json: category });
  }
  /** What is left out stays. A new period holds for the items that have the category, too. */
  changeCategory(id: string, change: z.input<typeof ChangeCategory>): Promise<Category> {
    return this.#http.json(Category, "PATCH", `/api/v1/categories/${encodeURIComponent(id)}`, { json: change });
  }
  async changeUncategorised(keep: RetentionPeriod): Promise<void> {
    await this.#http.call("PUT", this.#http.url("/api/v1/categories/uncategorised"), { json: { keep } });
  }

  async units(signal?: AbortSignal): Promise<Unit[]> {
    return (await this.#http.json(Units, "GET", "/api/v1/units", { signal })).items;
  }
  createUnit(unit: z.input<typeof CreateUnit>): Promise<Unit> {
    return this.#http.json(Unit, "POST", "/api/v1/units", { json: unit });
  }
  changeUnit(id: string, change: z.input<typeof ChangeUnit>): Promise<Unit> {
    return this.#http.json(Unit, "PATCH", `/api/v1/units/${encodeURIComponent(id)}`, { json: change });
  }

  /** At most 500 items. With `dryRun` it answers what would change and changes nothing. */
  classify(change: ClassifyEvidence, signal?: AbortSignal): Promise<z.output<typeof ClassifyAnswer>> {
    return this.#http.json(ClassifyAnswer, "POST", "/api/v1/evidence/classify", { json: change, signal });
  }
  /** Gives items to a restricted class, or with `classId` null takes them out of theirs. */
  restrict(change: RestrictEvidence, signal?: AbortSignal): Promise<z.output<typeof ClassifyAnswer>> {
    return this.#http.json(ClassifyAnswer, "POST", "/api/v1/evidence/restrict", { json: change, signal });
  }
  /** How long one item is kept, why, and what holds it. */
  retention(evidenceId: string, signal?: AbortSignal): Promise<RetentionAnswer> {
    const path = `/api/v1/evidence/${encodeURIComponent(evidenceId)}/retention`;
    return this.#http.json(RetentionAnswer, "GET", path, { signal });
  }

  /** A hold of its own on each item; `reviewOn` is a day: 2027-02-18. */
  placeHolds(hold: PlaceHold): Promise<z.output<typeof PlacedHolds>> {
    return this.#http.json(PlacedHolds, "POST", "/api/v1/holds", { json: hold });
  }
  releaseHolds(release: z.input<typeof ReleaseHolds>): Promise<z.output<typeof ReleasedHolds>> {
    return this.#http.json(ReleasedHolds, "POST", "/api/v1/holds/release", { json: release });
  }

  async restrictedClasses(signal?: AbortSignal): Promise<RestrictedClass[]> {
    return (await this.#http.json(Classes, "GET", "/api/v1/restricted-classes", { signal })).items;
  }
  createRestrictedClass(restricted: z.input<typeof CreateRestrictedClass>): Promise<RestrictedClass> {
    return this.#http.json(RestrictedClass, "POST", "/api/v1/restricted-classes", { json: restricted });
  }
  addMember(classId: string, personId: string): Promise<RestrictedClass> {
    return this.#http.json(RestrictedClass, "PUT", memberPath(classId, personId));
  }
  removeMember(classId: string, personId: string): Promise<RestrictedClass> {
    return this.#http.json(RestrictedClass, "DELETE", memberPath(classId, personId));
  }
}

function memberPath(classId: string, personId: string): string {
  return `/api/v1/restricted-classes/${encodeURIComponent(classId)}/members/${encodeURIComponent(personId)}`;
}

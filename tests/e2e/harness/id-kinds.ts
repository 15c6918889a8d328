/** What an id stands for. A route that names an id of no kind here fails the walk (every-id.test.ts). */
export const idKinds = [
  "item",
  "incident",
  "call",
  "case",
  "task",
  "lock",
  "person",
  "unit",
  "class",
  "category",
  "share",
  "marker",
  "rendering",
  "hold",
  "device",
  "key",
  "invitation",
  "session",
  "upload",
  "view",
  "shift",
  "job",
  "notice",
  "passkey",
  "delegation",
] as const;
export type IdKind = (typeof idKinds)[number];

/** A place in a request that takes an id, as the API describes itself. */
export interface Slot {
  readonly method: string;
  readonly path: string;
  readonly permission: string | null;
  readonly where: "path" | "query" | "body";
  /** `id`, `ids[]`, `of.person`: as far as it lies in the body. */
  readonly name: string;
}

/** By the first part of the address, for its `:id`. */
const ofPath: Readonly<Record<string, IdKind>> = {
  account: "session",
  calls: "call",
  cases: "case",
  categories: "category",
  delegations: "delegation",
  devices: "device",
  evidence: "item",
  incidents: "incident",
  invitations: "invitation",
  keys: "key",
  markers: "marker",
  people: "person",
  recordings: "item",
  renderings: "rendering",
  "restricted-classes": "class",
  shares: "share",
  shifts: "shift",
  units: "unit",
  uploads: "upload",
  views: "view",
};
/** Other places, by name; one that means different things by its route stands with it. */
const ofName: Readonly<Record<string, IdKind>> = {
  task: "task",
  lock: "lock",
  person: "person",
  actor: "person",
  personId: "person",
  unitId: "unit",
  "evidenceIds[]": "item",
  "incidentIds[]": "incident",
  ownerId: "person",
  "jobs[]": "job",
  "ids[]": "item",
  "mentions[]": "person",
  restrictedClassId: "class",
  "add[]": "category",
  "remove[]": "category",
  classId: "class",
  delegationId: "delegation",
  toId: "person",
  caseId: "case",
  "holdIds[]": "hold",
  "personIds[]": "person",
  parentId: "unit",
  viewId: "view",
  "actor[]": "person",
  "subject[]": "item",
  "device[]": "device",
  "person[]": "person",
  "unit[]": "unit",
  "category[]": "category",
  share: "share",
  evidence: "item",
  "POST /api/v1/calls/{id}/evidence/move to": "call",
  "POST /api/v1/calls/accept ids[]": "call",
  "POST /api/v1/calls/settle ids[]": "call",
  "POST /api/v1/calls/unsettle ids[]": "call",
  "GET /api/v1/audit/names ids[]": "person",
  "POST /api/v1/account/notices/{id}/seen id": "notice",
  "PATCH /api/v1/account/passkeys/{id} id": "passkey",
  "POST /api/v1/account/passkeys/{id}/remove id": "passkey",
  "GET /api/v1/sign-in/states cursor": "person",
  "GET /api/v1/keys cursor": "key",
  "GET /api/v1/invitations cursor": "invitation",
};

/** Names that are places or numbers, no ids. */
export const notIds: readonly string[] = ["k", "n", "number"];

export function kindOf({ method, path, where, name }: Slot): IdKind | null {
  const own = ofName[`${method} ${path} ${name}`];
  if (own !== undefined) return own;
  if (where === "path" && name === "id") return ofPath[path.split("/")[3] ?? ""] ?? null;
  return ofName[name] ?? null;
}

interface Schema {
  readonly $ref?: string;
  readonly format?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly allOf?: readonly Schema[];
}
export interface Operation {
  readonly "x-permission"?: string;
  readonly parameters?: readonly { readonly in: string; readonly name: string; readonly schema: Schema }[];
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema?: Schema }>> };
}
export interface ApiDescription {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
}

/** Every place of the API that takes an id, and the routes that take a JSON body. */
export function slotsOf(api: ApiDescription): { slots: Slot[]; withBody: Set<string> } {
  const slots: Slot[] = [];
  const withBody = new Set<string>();
  for (const [path, methods] of Object.entries(api.paths))
    for (const [verb, operation] of Object.entries(methods)) {
      const method = verb.toUpperCase();
      const at = { method, path, permission: operation["x-permission"] ?? null };
      for (const { in: where, name, schema } of operation.parameters ?? [])
        if (where === "path") slots.push({ ...at, where, name });
        else if (where === "query") for (const found of idsIn(schema, name)) slots.push({ ...at, where, name: found });
      const body = operation.requestBody?.content["application/json"]?.schema;
      if (body === undefined) continue;
      withBody.add(`${method} ${path}`);
      for (const name of new Set(idsIn(body, ""))) slots.push({ ...at, where: "body", name });
    }
  return { slots, withBody };
}

function idsIn(schema: Schema, at: string): string[] {
  const below = Object.entries(schema.properties ?? {}).flatMap(([name, each]) =>
    idsIn(each, at === "" ? name : `${at}.${name}`),
  );
  const either = [...(schema.anyOf ?? []), ...(schema.oneOf ?? []), ...(schema.allOf ?? [])];
  return [
    ...(schema.format === "uuid" ? [at] : []),
    ...below,
    ...(schema.items === undefined ? [] : idsIn(schema.items, `${at}[]`)),
    ...either.flatMap((each) => idsIn(each, at)),
  ];
}

/** The body with this id at that place: `of.person`, `ids[]`. */
export function withId(body: object, name: string, id: string): object {
  const [first = "", ...rest] = name.split(".");
  const list = first.endsWith("[]");
  const key = list ? first.slice(0, -2) : first;
  const inner = rest.length === 0 ? id : withId({}, rest.join("."), id);
  return { ...body, [key]: list ? [inner] : inner };
}

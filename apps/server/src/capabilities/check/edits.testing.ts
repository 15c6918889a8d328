import type { FindingCode } from "./finding.ts";
import type { Damaging } from "./damage.testing.ts";

export type Ids = Damaging["ids"];
export type Case = [
  what: string,
  edit: (ids: Ids) => string,
  code: FindingCode,
  item: (ids: Ids) => string | RegExp,
  also?: FindingCode[],
];

export const set =
  (table: string, what: string, id: (ids: Ids) => string, key = "id") =>
  (ids: Ids) =>
    `update sworn.${table} set ${what} where ${key} = '${id(ids)}'`;
export const drop =
  (table: string, id: (ids: Ids) => string, key = "id") =>
  (ids: Ids) =>
    `delete from sworn.${table} where ${key} = '${id(ids)}'`;
/** The same row once more under a new id, as somebody would who wants to slip something in. */
export const again =
  (table: string, id: (ids: Ids) => string, other: Record<string, string> = {}) =>
  (ids: Ids) => {
    const changed = { id: "gen_random_uuid()::text", ...other };
    const pairs = Object.entries(changed).map(([column, value]) => `'${column}', ${value}`);
    return `insert into sworn.${table} select (jsonb_populate_record(null::sworn.${table}, to_jsonb(t) || jsonb_build_object(${pairs.join(", ")}))).*
          from sworn.${table} t where id = '${id(ids)}'`;
  };

/** The item that a finding must name. */
export const isA = (kind: string, id: (ids: Ids) => string) => (ids: Ids) => `${kind} ${id(ids)}`;

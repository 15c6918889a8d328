import { importFields, type ImportKind, Problem } from "@sworn/contract";

export type Mapping = Readonly<Record<string, string>>;

/** What columns of such tables are called elsewhere; without spaces and signs, in small letters. */
const known: Readonly<Record<string, readonly string[]>> = {
  number: ["number", "callnumber", "cadnumber", "cad", "incidentnumber", "eventnumber", "callid", "eventid", "numero"],
  from: [
    "from",
    "start",
    "dispatched",
    "dispatchtime",
    "dispatch",
    "dispatchedat",
    "begin",
    "since",
    "inicio",
    "desde",
  ],
  to: ["to", "end", "cleared", "clear", "cleartime", "closed", "clearedat", "until", "fin", "hasta"],
  badges: ["badges", "badge", "officers", "units", "unit", "responders", "badgenumbers", "placas"],
  kind: ["kind", "type", "calltype", "nature", "natureofcall", "tipo"],
  place: ["place", "address", "location", "street", "lugar", "direccion"],
  lat: ["lat", "latitude", "y", "latitud"],
  lon: ["lon", "lng", "long", "longitude", "x", "longitud"],
  badge: ["badge", "badgenumber", "officer", "badgeno", "placa"],
  device: ["device", "camera", "serial", "serialnumber", "cameraserial", "devicename", "camara"],
  email: ["email", "mail", "emailaddress", "correo"],
  name: ["name", "fullname", "person", "nombre"],
  roles: ["roles", "role", "rol"],
  unit: ["unit", "unitpath", "team", "precinct", "unidad"],
};
const plain = (text: string): string =>
  text
    .normalize("NFD")
    .toLowerCase()
    .replaceAll(/[^a-z0-9]/gu, "");

/** Which column says what: as told, else as last time where the columns are there, else by their names. */
export function mapColumns(
  kind: ImportKind,
  columns: readonly string[],
  told: Mapping | undefined,
  remembered: Mapping | undefined,
): { mapping: Record<string, string>; unmapped: string[] } {
  const fields: Readonly<Record<string, boolean>> = importFields[kind];
  const mapping: Record<string, string> = {};
  for (const field of Object.keys(fields)) {
    const said = told?.[field];
    if (said !== undefined && said !== "" && !columns.includes(said))
      throw new Problem("request-malformed", `The file has no column ${said.slice(0, 100)}.`);
    const before = remembered?.[field];
    const usable = before === undefined || before === "" || columns.includes(before) ? before : undefined;
    mapping[field] = said ?? (told === undefined ? usable : "") ?? guess(field, columns, mapping);
  }
  const unmapped = Object.entries(fields).flatMap(([field, must]) => (must && mapping[field] === "" ? [field] : []));
  return { mapping, unmapped };
}

function guess(field: string, columns: readonly string[], taken: Mapping): string {
  const free = columns.filter((column) => !Object.values(taken).includes(column));
  for (const name of known[field] ?? []) {
    const column = free.find((each) => plain(each) === name);
    if (column !== undefined) return column;
  }
  return "";
}

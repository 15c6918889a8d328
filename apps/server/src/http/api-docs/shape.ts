/** What zod makes of a schema (JSON Schema 2020-12), as far as it is shown. */
interface JsonSchema {
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly format?: string;
  readonly pattern?: string;
  readonly items?: JsonSchema;
  readonly prefixItems?: readonly JsonSchema[];
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: JsonSchema | boolean;
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
  readonly allOf?: readonly JsonSchema[];
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly default?: unknown;
  readonly description?: string;
}

const DEEPEST = 8;

/** A JSON Schema as people write types down: one line for each member, limits after it. Plain text, not yet escaped. */
export function shapeOf(schema: object): string {
  return write(schema, "", 0);
}

function write(schema: JsonSchema, indent: string, depth: number): string {
  if (depth > DEEPEST) return "…";
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum !== undefined) return schema.enum.map((value) => JSON.stringify(value)).join(" | ");
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices !== undefined) return choices.map((each) => write(each, indent, depth)).join(" | ");
  if (schema.allOf !== undefined) return schema.allOf.map((each) => write(each, indent, depth)).join(" & ");
  if (schema.type === "array") return writeArray(schema, indent, depth);
  if (schema.type === "object" || schema.properties !== undefined) return writeObject(schema, indent, depth);
  const type = typeof schema.type === "string" ? schema.type : (schema.type ?? ["any"]).join(" | ");
  return (schema.format ?? type) + limits(schema);
}

function writeArray(schema: JsonSchema, indent: string, depth: number): string {
  if (schema.prefixItems !== undefined)
    return `[${schema.prefixItems.map((each) => write(each, indent, depth + 1)).join(", ")}]`;
  const item = schema.items === undefined ? "any" : write(schema.items, indent, depth + 1);
  const several = item.includes(" | ") && !item.includes("\n") ? `(${item})` : item;
  return `${several}[]${range(schema.minItems, schema.maxItems, "items")}`;
}

function writeObject(schema: JsonSchema, indent: string, depth: number): string {
  const inner = `${indent}  `;
  const members = Object.entries(schema.properties ?? {}).map(([name, of]) => {
    const optional = schema.required?.includes(name) === true ? "" : "?";
    const preset = of.default === undefined ? "" : ` = ${JSON.stringify(of.default)}`;
    return `${inner}${name}${optional}: ${write(of, inner, depth + 1)}${preset}`;
  });
  if (typeof schema.additionalProperties === "object" && Object.keys(schema.additionalProperties).length > 0)
    members.push(`${inner}[name]: ${write(schema.additionalProperties, inner, depth + 1)}`);
  return members.length === 0 ? "{}" : `{\n${members.join("\n")}\n${indent}}`;
}

/** An integer's own bounds say nothing: they are left out. */
function limits(schema: JsonSchema): string {
  const least = schema.minimum === Number.MIN_SAFE_INTEGER ? undefined : schema.minimum;
  const most = schema.maximum === Number.MAX_SAFE_INTEGER ? undefined : schema.maximum;
  if (schema.format !== undefined) return "";
  return range(least, most, "") + range(schema.minLength, schema.maxLength, "characters");
}

function range(least: number | undefined, most: number | undefined, unit: string): string {
  const of = unit === "" ? "" : ` ${unit}`;
  if (least === undefined && most === undefined) return "";
  if (least === undefined) return ` (up to ${most}${of})`;
  if (most === undefined) return ` (from ${least}${of})`;
  return least === most ? ` (${least}${of})` : ` (${least} to ${most}${of})`;
}

import { problems } from "@sworn/contract";
import { z } from "zod";
import { route, type Route } from "../ports/http.ts";
import { takesKey } from "./repeat-once.ts";

/** OpenAPI 3.1 of exactly the routes that are mounted, made from their own declarations. */
export function openApi(routes: readonly Route[]): object {
  const paths: Record<string, Record<string, object>> = {};
  for (const declared of routes) {
    if (declared.path.includes("*")) continue;
    const path = declared.path.replaceAll(/:(\w+)/g, "{$1}");
    paths[path] ??= {};
    paths[path][declared.method.toLowerCase()] = operation(declared);
  }
  return {
    openapi: "3.1.0",
    info: { title: "Sworn", version: "1", license: { name: "Apache-2.0" } },
    components: {
      securitySchemes: {
        key: { type: "http", scheme: "bearer" },
        session: { type: "apiKey", in: "cookie", name: "sworn.session_token" },
      },
      schemas: {
        Problem: {
          type: "object",
          required: ["type", "title", "status", "code"],
          properties: {
            type: { type: "string" },
            title: { type: "string" },
            status: { type: "integer" },
            code: { enum: Object.keys(problems) },
            detail: { type: "string" },
          },
        },
      },
    },
    paths,
  };
}

const idempotencyKey = {
  name: "Idempotency-Key",
  in: "header",
  required: false,
  description: "The same request under the same key is carried out once a day; repeated, it gets the first answer.",
  schema: { type: "string", minLength: 8, maxLength: 200 },
};

function operation(declared: Route): object {
  const open = "public" in declared.access;
  return {
    summary: declared.summary,
    ...(open ? { security: [] } : { security: [{ key: [] }, { session: [] }] }),
    ...("permission" in declared.access ? { "x-permission": declared.access.permission } : {}),
    parameters: [
      ...parameters(declared.params, "path"),
      ...parameters(declared.query, "query"),
      ...(takesKey(declared) ? [idempotencyKey] : []),
    ],
    ...(declared.body === undefined
      ? {}
      : {
          requestBody: { required: true, content: { "application/json": { schema: schema(declared.body, "input") } } },
        }),
    responses: {
      "2XX": {
        description: "Done",
        ...(declared.answer === undefined
          ? {}
          : { content: { "application/json": { schema: schema(declared.answer, "output") } } }),
      },
      default: {
        description: "A problem document (RFC 9457)",
        content: { "application/problem+json": { schema: { $ref: "#/components/schemas/Problem" } } },
      },
    },
  };
}

function parameters(shape: z.ZodType | undefined, place: "path" | "query"): object[] {
  if (shape === undefined) return [];
  const { properties = {}, required = [] } = z.toJSONSchema(shape, { io: "input", unrepresentable: "any" });
  return Object.entries(properties).map(([name, of]) => ({
    name,
    in: place,
    required: place === "path" || required.includes(name),
    schema: of,
  }));
}

function schema(of: z.ZodType, io: "input" | "output"): object {
  return z.toJSONSchema(of, { io, unrepresentable: "any" });
}

export function openApiRoute(routes: readonly Route[]): Route {
  // Anybody may ask, and it takes milliseconds of the one thread to make: made once.
  let made: object | undefined;
  return route({
    method: "GET",
    path: "/api/v1/openapi.json",
    access: { public: "the API's description holds no data" },
    summary: "This description",
    handle: async () => ({ headers: { "cache-control": "no-cache" }, body: (made ??= openApi(routes)) }),
  });
}

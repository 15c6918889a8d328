import { problems } from "@sworn/contract";
import { expect, it } from "vitest";
import { z } from "zod";
import { type Route, type RouteContext, route } from "../../ports/http.ts";
import { apiDocsRoute } from "./index.ts";
import { shapeOf } from "./shape.ts";

const handle = (): Promise<object> => Promise.resolve({});
const routes: Route[] = [
  route({
    method: "PATCH",
    path: "/api/v1/things/:id",
    access: { permission: "evidence.classify" },
    summary: "Change <b>a thing</b> & its name",
    params: z.object({ id: z.uuid() }),
    query: z.object({ limit: z.coerce.number().int().min(1).max(200).default(50) }),
    body: z.object({ name: z.string().min(1).max(100), kind: z.enum(["a", "b"]).optional() }),
    answer: z.object({ items: z.array(z.object({ id: z.uuid() })).max(3), next: z.string().nullable() }),
    handle,
  }),
  route({ method: "GET", path: "/healthz", access: { public: "a probe" }, summary: "Alive?", handle }),
];

it("shows each address, who may call it, and every problem; as text, whatever it says", async () => {
  const { body, headers } = await apiDocsRoute(routes).handle({} as RouteContext);
  const page = body as string;
  expect(headers).toMatchObject({ "content-type": "text/html; charset=utf-8" });
  expect(page).toContain("/api/v1/things/{id}");
  expect(page).toContain("Change &lt;b&gt;a thing&lt;/b&gt; &amp; its name");
  expect(page).toContain("Permission evidence.classify: officer, supervisor");
  expect(page).toContain("integer (1 to 200)");
  for (const code of Object.keys(problems)) expect(page).toContain(`id="problem-${code}"`);
  expect(page).not.toMatch(/<script|<b>|onclick|javascript:/i);
  const links = [...page.matchAll(/href="#([^"]+)"/g)].map(([, target]) => target);
  expect(links.filter((target) => !page.includes(`id="${target}"`))).toEqual([]);
});

it("writes schemas as people do", () => {
  const shape = shapeOf(
    z.toJSONSchema(
      z.object({
        name: z.string().min(1).max(100),
        at: z.iso.datetime().nullable(),
        kind: z.enum(["a", "b"]).optional(),
        items: z.array(z.union([z.literal(1), z.string()])),
        more: z.record(z.string(), z.number()),
      }),
    ),
  );
  expect(shape).toBe(`{
  name: string (1 to 100 characters)
  at: date-time | null
  kind?: "a" | "b"
  items: (1 | string)[]
  more: {
    [name]: number
  }
}`);
});

it("stops where a schema is too deep to read", () => {
  let schema: z.ZodType = z.string();
  for (let i = 0; i < 30; i++) schema = z.object({ inner: schema });
  expect(shapeOf(z.toJSONSchema(schema))).toContain("…");
});

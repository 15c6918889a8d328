import { problems, rolePermissions, roles } from "@sworn/contract";
import { z } from "zod";
import { route, type Route } from "../../ports/http.ts";
import { shapeOf } from "./shape.ts";
import { style } from "./style.ts";

/**
 * The API for people: one page of plain HTML, made from the declarations of exactly the routes that are mounted. No
 * script: it can be searched, printed and read where nothing else loads.
 */
export function apiDocsRoute(routes: readonly Route[]): Route {
  let made: string | undefined;
  return route({
    method: "GET",
    path: "/api/docs",
    access: { public: "the API's description holds no data" },
    summary: "This page",
    handle: async () => ({
      headers: { "content-type": "text/html; charset=utf-8", "cache-control": "no-cache" },
      body: (made ??= writePage(routes)),
    }),
  });
}

function writePage(routes: readonly Route[]): string {
  const groups = Map.groupBy(
    routes.filter(({ path }) => path.startsWith("/api/")),
    groupOf,
  );
  const names = [...groups.keys()].toSorted();
  const list = (name: string): string => {
    const items = (groups.get(name) ?? []).map(
      (each) =>
        `<li><a href="#${idOf(each)}"><span class="method">${each.method}</span><span>${esc(shown(each).replace("/api/v1", ""))}</span></a></li>`,
    );
    return `<li><a href="#${name}"><strong>${esc(name)}</strong></a><ul>${items.join("")}</ul></li>`;
  };
  const sections = names.map(
    (name) =>
      `<section><h2 id="${name}">${esc(name)}</h2>${(groups.get(name) ?? []).map(writeRoute).join("")}</section>`,
  );
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Sworn API</title><style>${style}</style></head><body><div class="frame">
<nav aria-label="Addresses"><ul><li><a href="#begin"><strong>How to use it</strong></a></li>${names.map(list).join("")}<li><a href="#problems"><strong>Problems</strong></a></li></ul></nav>
<main><h1>Sworn API</h1>${beginning}${sections.join("")}${writeProblems()}</main></div></body></html>`;
}

const beginning = `<section id="begin">
<p>Everything the screens do, they do through these addresses. The same description for programs:
<a href="/api/v1/openapi.json">openapi.json</a> (OpenAPI 3.1). For TypeScript there is <code>@sworn/sdk</code>.</p>
<h3>Who is asking</h3>
<p>A key: <code>Authorization: Bearer …</code>. An admin makes keys, with fixed scopes and an end. Browsers send the session
cookie instead, and then must say that the request comes from this site's own page (<code>Sec-Fetch-Site</code> or
<code>Origin</code>). What does not exist and what is not yours to see is the same answer: 404.</p>
<h3>Pages</h3>
<p>Lists answer <code>{ "items": […], "next": "…" }</code>. Send <code>next</code> back as <code>?next=</code> for the page
after it; it is <code>null</code> at the end. Text within it may change at any time.</p>
<h3 id="idempotency">Trying again</h3>
<p>A POST, PATCH, PUT or DELETE with JSON may carry <code>Idempotency-Key</code>, any text of 8 to 200 visible letters that you
never use for anything else. Sent again with the same key within a day, the same request is not done again: you get the first
answer, with <code>Idempotency-Replayed: true</code>. Where the first try broke off in the middle you get
<a href="#problem-outcome-unknown">outcome-unknown</a> and look before you repeat it. Bytes of evidence need no key: the same
bytes under the same number are always taken once.</p>
<h3>How much</h3>
<p>JSON bodies hold at most 1 MiB. Who asks too often gets 429 with <code>Retry-After</code> in seconds. All times are UTC in
ISO 8601 with <code>Z</code>; all sizes are bytes.</p>
</section>`;

function writeRoute(declared: Route): string {
  const parts = [
    `<h3 id="${idOf(declared)}"><span class="method">${declared.method}</span> <code>${esc(shown(declared))}</code></h3>`,
    `<p>${esc(declared.summary)}</p><p class="who">${esc(whoMay(declared))}</p>`,
    parameterTable(declared),
  ];
  if (declared.body !== undefined)
    parts.push(
      `<details><summary>Body (JSON)</summary><pre>${esc(shapeOf(json(declared.body, "input")))}</pre></details>`,
    );
  if (declared.streamsBody === true) parts.push("<p>The body is sent as it is, not as JSON.</p>");
  if (declared.answer !== undefined)
    parts.push(
      `<details><summary>Answer</summary><pre>${esc(shapeOf(json(declared.answer, "output")))}</pre></details>`,
    );
  return parts.join("");
}

function whoMay(declared: Route): string {
  const { access } = declared;
  if ("public" in access) return `Anybody: ${access.public}.`;
  if ("signedIn" in access) return "Whoever is signed in or has a key.";
  const who = roles.filter((role) => rolePermissions[role].includes(access.permission));
  return `Permission ${access.permission}: ${who.join(", ")}.`;
}

function parameterTable(declared: Route): string {
  const rows = [...parameters(declared.params, "path"), ...parameters(declared.query, "query")];
  if (rows.length === 0) return "";
  return `<table><thead><tr><th>Parameter</th><th>In</th><th>Form</th></tr></thead><tbody>${rows.join("")}</tbody></table>`;
}

function parameters(of: z.ZodType | undefined, place: "path" | "query"): string[] {
  if (of === undefined) return [];
  const { properties = {}, required = [] } = z.toJSONSchema(of, { io: "input", unrepresentable: "any" });
  return Object.entries(properties).map(([name, schema]) => {
    const optional = place === "query" && !required.includes(name) ? "" : " (required)";
    const preset =
      typeof schema === "object" && schema.default !== undefined ? ` = ${JSON.stringify(schema.default)}` : "";
    const form = (typeof schema === "object" ? shapeOf(schema) : "any") + preset;
    return `<tr><td><code>${esc(name)}</code></td><td>${place}</td><td><code>${esc(form)}</code>${optional}</td></tr>`;
  });
}

function writeProblems(): string {
  const rows = Object.entries(problems).map(
    ([code, { status, title }]) =>
      `<tr id="problem-${code}"><td><code>${code}</code></td><td>${status}</td><td>${esc(title)}</td></tr>`,
  );
  return `<section><h2 id="problems" class="plain">Problems</h2><p>Every refusal is an RFC 9457 document
<code>{ "type", "title", "status", "code", "detail" }</code>. The codes are closed: switch on them, never on the sentences.</p>
<table><thead><tr><th>Code</th><th>Status</th><th>What it means</th></tr></thead><tbody>${rows.join("")}</tbody></table></section>`;
}

const json = (of: z.ZodType, io: "input" | "output"): object => z.toJSONSchema(of, { io, unrepresentable: "any" });
const shown = ({ path }: Route): string => path.replaceAll(/:(\w+)/g, "{$1}");
const groupOf = ({ path }: Route): string => /^\/api\/(?:v1\/)?([\w-]+)/.exec(path)?.[1] ?? "api";
const idOf = ({ method, path }: Route): string => `${method}${path}`.toLowerCase().replaceAll(/[^a-z0-9]+/g, "-");

const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};
const esc = (text: string): string => text.replaceAll(/[&<>"']/g, (letter) => entities[letter] ?? letter);

import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { audienceOf, outsideRoles, permissions, rolePermissions, roles, rolesGoTogether } from "@sworn/contract";

const file = join(import.meta.dirname, "../../../../../docs/design/who-may-do-what.md");
const begin =
  "<!-- made by apps/server/src/capabilities/access/who-may-do-what.test.ts: SWORN_UPDATE_SNAPSHOTS=1 renews it -->\n\n";

function table(): string {
  const row = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
  return [
    row(["permission", ...roles]),
    row(["---", ...roles.map(() => "---")]),
    ...permissions.map((permission) =>
      row([`\`${permission}\``, ...roles.map((role) => (rolePermissions[role].includes(permission) ? "yes" : "–"))]),
    ),
  ].join("\n");
}

it("the documented table is the one that is enforced", async () => {
  const text = await readFile(file, "utf8");
  const head = text.slice(0, text.indexOf(begin) + begin.length);
  expect(text).toContain(begin);
  const whole = `${head}${table()}\n`;
  if (process.env["SWORN_UPDATE_SNAPSHOTS"] === "1") await writeFile(file, whole);
  else expect(text.replaceAll(/ +/g, " ").replaceAll(/-{3,}/g, "---")).toBe(whole.replaceAll(/ +/g, " "));
});

it("a role outside is held alone, and says which side somebody reads for", () => {
  for (const role of outsideRoles) {
    expect(rolesGoTogether([role])).toBe(true);
    for (const other of roles.filter((each) => each !== role)) expect(rolesGoTogether([role, other])).toBe(false);
  }
  expect(rolesGoTogether(["admin", "custodian"])).toBe(true);
  expect(roles.map((role) => audienceOf([role])).filter((side) => side !== "agency")).toEqual([
    "prosecution",
    "defence",
  ]);
});

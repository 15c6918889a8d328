/**
 * A cell as RFC 4180 writes it. A text that spreadsheets would take for a formula begins with an apostrophe: they show it
 * and run nothing.
 */
export function csvCell(value: string | number | null | undefined): string {
  if (value === null || value === undefined) return "";
  if (typeof value === "number") return String(value);
  const plain = /^[\s\0]*[=+\-@|]|^[\t\r\n]/u.test(value) ? `'${value}` : value;
  return `"${plain.replaceAll('"', '""')}"`;
}

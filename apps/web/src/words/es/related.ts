import type { Words } from "../index.ts";

export const related: Words["related"] = {
  title: "Mismo momento y lugar",
  none: "No hay otras grabaciones de este momento y lugar que usted pueda ver.",
  overlaps: (length) => `${length} a la vez`,
  earlier: (time) => `empezó ${time} antes`,
  later: (time) => `empezó ${time} después`,
  away: (metres) => (metres === 0 ? "mismo lugar" : `a ${metres} m`),
  reasons: { wearer: "mismo portador", camera: "misma cámara", unit: "misma unidad" },
};

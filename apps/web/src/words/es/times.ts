import type { Words } from "../index.ts";
import { formatOffset } from "../offset.ts";

export const times: Words["times"] = {
  title: "Relojes",
  source: "Dijo la fuente",
  effective: "Vale ahora",
  server: "Recibido",
  serverClock: "el reloj de este servidor",
  gnss: "Satélites",
  gnssRange: (from, to) => `${from} a ${to}`,
  noGnss: "Sin recorrido con horas",
  drift: "Desvío",
  driftBy: (ms, uncertaintyMs) =>
    `La fuente va ${formatOffset(-ms)} frente a los satélites${uncertaintyMs === null ? "" : ` (±${uncertaintyMs / 1000} s)`}`,
  corrected: (ms) => `corregida en ${formatOffset(ms)}`,
  correctedShort: "hora corregida",
  none: "Sin corregir.",
  correction: (ms, uncertaintyMs) =>
    `${ms === 0 ? "Corrección retirada" : formatOffset(ms)}${uncertaintyMs === null ? "" : ` (±${uncertaintyMs / 1000} s)`}`,
  by: (name, when) => `${name}, ${when}`,
  correct: "Corregir la hora…",
  dialog: "Corregir la hora",
  lead: "Lo que dijo la fuente se queda. Su corrección se añade al lado con su nombre y nunca acorta el tiempo de conservación. Lo que se hizo de esta evidencia se corrige con ella.",
  offset: "Sumar a la hora de la fuente, en segundos (0 retira las correcciones)",
  uncertainty: "Incierta en, en segundos (puede quedar vacío)",
  reason: "Por qué, y comparada con qué",
  submit: "Corregir",
};

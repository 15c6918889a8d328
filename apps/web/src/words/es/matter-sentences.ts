import type { EventKind } from "@sworn/contract";
import type { EventFacts } from "../event-facts.ts";

type Say = (who: string, event: EventFacts) => string;
const as = (value: string | null, before: string): string => (value === null ? "" : `${before}${value}`);
const numbered = (event: EventFacts): string => as(event.text("number"), " ");

/** In the history of an incident, a case or a call an entry names the item; in the item's own it does not. */
const item = (event: EventFacts): string => (event.text("evidence") === null ? "la evidencia" : "una evidencia");
const incident = (event: EventFacts): string => (event.text("incident") === null ? "el incidente" : "un incidente");

const states: Readonly<Record<string, string>> = { open: "abierto", closed: "cerrado" };
const now = (event: EventFacts): string => as(states[event.text("state") ?? ""] ?? null, "; ahora está ");
const turns: Readonly<Record<string, string>> = { set: "puso", done: "terminó", reopened: "volvió a abrir" };
const task = (event: EventFacts): string => `${turns[event.text("what") ?? ""] ?? "cambió"} una tarea`;

/** Incidents, cases, calls, shifts and statements: what their histories and timelines say in Spanish. */
export const matterSentences = {
  "incident.created": (who, event) => `${who} abrió el incidente${numbered(event)}.`,
  "incident.changed": (who, event) => `${who} cambió lo que dice el incidente${now(event)}.`,
  "incident.evidence-added": (who, event) => {
    const unseen = event.text("opens") === "no" ? " por su número, sin verlo" : "";
    return `${who} añadió ${item(event)} al incidente${numbered(event)}${unseen}.`;
  },
  "incident.evidence-removed": (who, event) => `${who} sacó ${item(event)} del incidente${numbered(event)}.`,
  "incident.noted": (who) => `${who} escribió una nota en el incidente.`,
  "incident.task": (who, event) => `${who} ${task(event)} del incidente.`,
  "incident.viewed": (who) => `${who} leyó el incidente.`,
  "case.created": (who, event) => `${who} abrió el caso${numbered(event)}.`,
  "case.changed": (who, event) => `${who} cambió lo que dice el caso${now(event)}.`,
  "case.evidence-added": (who, event) => `${who} añadió ${item(event)} al caso${numbered(event)}.`,
  "case.evidence-removed": (who, event) => `${who} sacó ${item(event)} del caso${numbered(event)}.`,
  "case.incident-added": (who, event) => `${who} añadió ${incident(event)} al caso${numbered(event)}.`,
  "case.incident-removed": (who, event) => `${who} sacó ${incident(event)} del caso${numbered(event)}.`,
  "case.noted": (who) => `${who} escribió una nota en el caso.`,
  "case.task": (who, event) => `${who} ${task(event)} del caso.`,
  "case.viewed": (who) => `${who} leyó el caso.`,
  "call.received": (who, event) => `${who} trajo la llamada${numbered(event)}.`,
  "call.changed": (who, event) => `${who} trajo de nuevo la llamada${numbered(event)}, con cambios.`,
  "call.evidence-accepted": (who, event) => `${who} dijo que ${item(event)} muestra la llamada${numbered(event)}.`,
  "call.evidence-refused": (who, event) => `${who} dijo que ${item(event)} no muestra la llamada${numbered(event)}.`,
  "call.evidence-undecided": (who, event) => `${who} retiró lo dicho de ${item(event)} y la llamada${numbered(event)}.`,
  "call.settled": (who, event) => `${who} dijo que no se espera ninguna grabación${as(event.reason, ": ")}.`,
  "call.unsettled": (who) => `${who} dijo que sí se espera una grabación.`,
  "call.linked": (who, event) => `${who} unió la llamada al incidente${numbered(event)}.`,
  "call.viewed": (who) => `${who} leyó la llamada.`,
  "import.done": (who, event) =>
    `${who} trajo una tabla: ${event.number("added") ?? 0} nuevas, ${event.number("changed") ?? 0} con cambios.`,
  "device.assigned": (who) => `${who} entregó la cámara a una persona.`,
  "device.assignment-changed": (who, event) =>
    event.text("withdrawn") === "yes"
      ? `${who} retiró una entrega de la cámara.`
      : `${who} cambió quién llevó la cámara y cuándo${as(event.text("to")?.slice(0, 16).replace("T", " ") ?? null, ", hasta ")}.`,
  "evidence.wearer-changed": (who) => `${who} corrigió quién llevaba la cámara; la evidencia es suya ahora.`,
  "statement.locked": (who, event) =>
    `${who} bloqueó las grabaciones para quienes estuvieron implicados hasta que se anote su declaración${as(event.reason, ": ")}.`,
  "statement.recorded": (who) => `${who} anotó que se tomó una declaración.`,
  "statement.unlocked": (who, event) =>
    `${who} terminó el bloqueo de una persona${event.text("mistake") === "yes" ? ", por error" : ""}${as(event.reason, ": ")}.`,
} satisfies Partial<Record<EventKind, Say>>;

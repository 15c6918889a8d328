import type { EventKind } from "@sworn/contract";
import type { Words } from "../index.ts";
import { sentenceInSpanish } from "./custody-sentences.ts";

const kinds: Readonly<Record<EventKind, string>> = {
  "log.started": "Registro iniciado",
  "log.heartbeat": "Señal de vida",
  "agency.created": "Agencia creada",
  "person.created": "Persona añadida",
  "person.role-changed": "Funciones cambiadas",
  "person.unit-changed": "Unidad cambiada",
  "person.disabled": "Persona desactivada",
  "person.enabled": "Persona activada de nuevo",
  "person.password-reset": "Nueva contraseña fijada",
  "key.created": "Clave creada",
  "key.revoked": "Clave revocada",
  "device.enrolled": "Cámara dada de alta",
  "device.revoked": "Cámara revocada",
  "recovery.sheet-made": "Hoja de recuperación hecha",
  "unit.created": "Unidad añadida",
  "unit.changed": "Unidad cambiada",
  "category.created": "Categoría añadida",
  "category.changed": "Categoría cambiada",
  "class.created": "Clase restringida añadida",
  "class.changed": "Clase restringida cambiada",
  "upload.created": "Subida empezada",
  "upload.incomplete": "Subida terminada sin completar",
  "upload.cancelled": "Subida cancelada",
  "recording.opened": "Grabación empezada",
  "take.opened": "Parte empezada",
  "take.root": "Parte almacenada hasta aquí",
  "take.interrupted": "Parte interrumpida",
  "recording.closed": "Grabación terminada",
  "fragment.conflict": "Otros bytes rechazados",
  "evidence.stored": "Almacenada",
  "evidence.received-again": "Recibida de nuevo",
  "evidence.incomplete": "Conservada como incompleta",
  "evidence.probed": "Datos leídos",
  "evidence.previewed": "Imágenes vistas",
  "evidence.viewed": "Vista",
  "evidence.downloaded": "Descargada",
  "evidence.custody-read": "Historial leído",
  "evidence.categorised": "Categorizada",
  "evidence.restricted": "Restricción cambiada",
  "hold.placed": "Retención legal puesta",
  "hold.released": "Retención legal levantada",
  "marker.added": "Marcador añadido",
  "marker.changed": "Marcador cambiado",
  "marker.removed": "Marcador quitado",
  "incident.created": "Incidente abierto",
  "incident.changed": "Incidente cambiado",
  "incident.evidence-added": "Añadida a un incidente",
  "incident.evidence-removed": "Sacada de un incidente",
  "incident.noted": "Nota de un incidente",
  "incident.task": "Tarea de un incidente",
  "incident.viewed": "Incidente leído",
  "case.created": "Caso abierto",
  "case.changed": "Caso cambiado",
  "case.evidence-added": "Añadida a un caso",
  "case.evidence-removed": "Sacada de un caso",
  "case.incident-added": "Incidente añadido a un caso",
  "case.incident-removed": "Incidente sacado de un caso",
  "case.noted": "Nota de un caso",
  "case.task": "Tarea de un caso",
  "case.viewed": "Caso leído",
  "derivative.stored": "Imagen fija hecha",
  "derivative.made": "Derivado hecho",
  "evidence.time-corrected": "Hora corregida",
  "track.stored": "Recorrido GPS almacenado",
  "audit.searched": "Auditoría consultada",
  "audit.exported": "Auditoría exportada",
};

const number = (n: number): string => n.toLocaleString("es-ES");
const entries = (count: number): string => (count === 1 ? "1 asiento" : `${number(count)} asientos`);

export const custody: Words["custody"] = {
  title: "Custodia",
  loading: "Leyendo el historial…",
  failed: "No se pudo leer el historial.",
  empty: "Ningún asiento todavía. El primero se escribe cuando se almacena la evidencia.",
  sentence: (count, from, to) =>
    from === to ? `${entries(count)}, ${from}.` : `${entries(count)}, de ${from} a ${to}.`,
  logged: "Registrada. Aún no comprobada en este navegador.",
  checking: "Comprobando en este navegador…",
  checked: (at, file) =>
    file
      ? `Comprobada en este navegador a las ${at}: los asientos son correctos, y el archivo también.`
      : `Comprobada en este navegador a las ${at}: los asientos son correctos. El archivo mismo no se leyó.`,
  checkFailed: "No todo es correcto. La línea de abajo nombra el asiento.",
  checkBroken: (reason) => `La comprobación no pudo hacerse: ${reason}`,
  checkIt: "Comprobar",
  checkAgain: "Comprobar de nuevo",
  story: "Historial",
  hideStory: "Ocultar el historial",
  newer: (count) =>
    count === 1
      ? "1 asiento llegó después de esta comprobación y no está cubierto por ella."
      : `${entries(count)} llegaron después de esta comprobación y no están cubiertos por ella.`,
  withheld: "Este asiento está reservado. Su lugar en el registro queda demostrado de todos modos.",
  kinds,
  sentenceOf: sentenceInSpanish,
  status: {
    waiting: "espera el próximo punto de control",
    logged: "registrado",
    checked: "comprobado aquí",
    fails: "no es correcto",
  },
  at: (index) => `asiento ${number(index)} del registro`,
  entry: (n) => `Asiento ${n}`,
  details: "Texto exacto y prueba",
  commitment: "Compromiso",
  salt: "Sal",
  clocks: {
    server: "reloj del servidor",
    ntp: "hora de red (NTP)",
    gnss: "satélites (GNSS)",
    device: "reloj del aparato",
    declared: "declarada",
  },
  lines: {
    checkpoint: "La declaración del registro está firmada",
    entries: "Cada asiento dice lo que se registró",
    inclusion: "Cada asiento está en el registro",
    history: "No falta ningún asiento",
    file: "El archivo es el que se registró",
  },
  lineStates: {
    idle: "sin comprobar",
    running: "comprobando",
    holds: "correcto",
    waiting: "en espera",
    fails: "no es correcto",
  },
  key: "Clave según este servidor. Compárela con la huella que le dieron:",
  keyName: "Huella",
  notChecked:
    "No se comprueba aquí: los nombres y frases junto a los asientos (son palabras de este servidor y de esta pantalla), lo ocurrido antes de recibir los bytes, y si cofirmantes independientes vieron este registro.",
  check: {
    progress: (done, all) => `${done} de ${all}`,
    noCheckpoint: "el registro aún no tiene punto de control; inténtelo dentro de unos segundos",
    checkpointHolds: (size, key) => `${number(size)} asientos en total, firmados por ${key}`,
    entriesHold: (opened, withheld) =>
      withheld === 0
        ? `${entries(opened)} recalculados desde su texto y su sal`
        : `${entries(opened)} recalculados, ${withheld} reservados`,
    inclusionHolds: (count, size, waiting) =>
      `${count} de ${number(size)} demostrados hasta la raíz firmada${waiting === 0 ? "" : `; los ${waiting} más nuevos esperan el próximo punto de control`}`,
    historyHolds: (count, opened) =>
      opened === count
        ? `números 1 a ${count} sin hueco, cada uno nombra al anterior`
        : `números 1 a ${count} sin hueco; ${count - opened} no se pudieron abrir para ver a cuál nombran`,
    noRoot: "sin una raíz firmada no se puede demostrar nada",
    entryFails: (n, why) => `asiento ${n}: ${why}`,
    kindDiffers: (logged, shown) => `el registro dice ${logged}, el servidor muestra ${shown}`,
    actorDiffers: "el registro nombra a otro autor que el servidor",
    timeDiffers: "el registro dice otra hora que el servidor",
  },
  file: {
    start: "Comprobar el archivo",
    startHint: (size) => `Lee aquí los ${size} y los compara`,
    running: (done, size, rate, left) => `${done} de ${size} · ${rate} · faltan ${left}`,
    part: (n) => `parte ${n}`,
    matches: (hash, entry) => `SHA-256 ${hash.slice(0, 8)}…${hash.slice(-8)} es el del asiento ${entry}.`,
    differs: (hash, part) =>
      `${part === null ? "El archivo" : `La parte ${part}`} tiene SHA-256 ${hash.slice(0, 16)}…, que ningún asiento nombra. No confíe en ello; consérvelo y avise al custodio.`,
    unread: (reason) =>
      `El archivo no se pudo leer hasta el final: ${reason} No se afirma nada sobre él. Inténtelo de nuevo.`,
    label: "Leyendo el archivo",
  },
};

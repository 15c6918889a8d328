import type { EventKind } from "@sworn/contract";
import { formatTimecode } from "../../ui/format/duration.ts";
import type { EventFacts } from "../event-facts.ts";
import { matterSentences } from "./matter-sentences.ts";

type Say = (who: string, event: EventFacts) => string;
const as = (value: string | null, before: string): string => (value === null ? "" : `${before}${value}`);

/** People count from one, takes from zero. */
function part(event: EventFacts): string {
  const take = event.number("take");
  return take === null ? "Una parte" : `La parte ${take + 1}`;
}

const markings: Readonly<Record<string, string>> = {
  tag: "una etiqueta",
  note: "una nota",
  trigger: "una activación",
  mute: "un silencio",
  snapshot: "una imagen fija",
};
const marking = (event: EventFacts): string => markings[event.text("marking") ?? ""] ?? "un marcador";

function moment(event: EventFacts): string {
  const [from, to, take] = [event.number("fromMs"), event.number("toMs"), event.number("take")];
  if (from === null) return "";
  const where = take === null || take === 0 ? "" : ` de la parte ${take + 1}`;
  const [begin, end] = [formatTimecode(from / 1000), to === null ? null : formatTimecode(to / 1000)];
  return end === null ? ` en ${begin}${where}` : ` de ${begin} a ${end}${where}`;
}

/** What people read of an event, in Spanish. */
const sentences: Readonly<Record<EventKind, Say>> = {
  "log.started": () => "Se inició el registro de esta instalación.",
  "log.heartbeat": () => "El registro estaba en reposo y firmó una señal de vida.",
  "agency.created": (who) => `${who} creó la agencia.`,
  "person.created": (who, event) => `${who} añadió a una persona${as(event.text("roles"), " con la función ")}.`,
  "person.role-changed": (who, event) => `${who} cambió las funciones de una persona${as(event.text("roles"), " a ")}.`,
  "person.unit-changed": (who, event) => {
    const unit = event.text("unit");
    return unit === null ? `${who} sacó a una persona de su unidad.` : `${who} pasó a una persona a la unidad ${unit}.`;
  },
  "person.badge-changed": (who, event) => {
    const badge = event.text("badge");
    return badge === null
      ? `${who} retiró a una persona su número de placa.`
      : `${who} dio a una persona la placa ${badge}.`;
  },
  "person.disabled": (who) => `${who} desactivó el acceso de una persona.`,
  "person.enabled": (who) => `${who} activó de nuevo el acceso de una persona.`,
  "person.password-reset": (who) => `${who} fijó una nueva contraseña para una persona.`,
  "person.invited": (who, event) => `${who} invitó a una persona${as(event.text("roles"), " con la función ")}.`,
  "invitation.renewed": (who) => `${who} hizo un enlace nuevo para una invitación.`,
  "invitation.revoked": (who) => `${who} retiró una invitación.`,
  "person.signed-in": (who) => `${who} inició sesión.`,
  "person.notice-accepted": (who) => `${who} aceptó el aviso para usuarios de este sistema.`,
  "person.password-changed": (who) => `${who} eligió una contraseña nueva; sus demás sesiones terminaron.`,
  "person.locked-out": () => "Una cuenta se bloqueó tras demasiados intentos fallidos.",
  "person.unlocked": (who) => `${who} terminó un bloqueo.`,
  "person.factor-added": (who) => `${who} añadió un modo de entrar.`,
  "person.factor-removed": (who) => `${who} quitó un modo de entrar.`,
  "person.factors-reset": (who, event) =>
    `${who} retiró los segundos factores de una persona${as(event.reason, ": ")}.`,
  "person.sessions-ended": (who) => `${who} terminó sesiones suyas.`,
  "sign-in.policy-changed": (who) => `${who} cambió lo que exige un inicio de sesión.`,
  "delegation.made": (who, event) =>
    `${who} prestó su alcance como ${event.text("roles")?.replaceAll(" ", ", ") ?? ""} hasta el ${event.text("until")?.slice(0, 10) ?? ""}${as(event.reason, ": ")}.`,
  "delegation.ended": (who, event) => `${who} terminó antes un préstamo de alcance${as(event.reason, ": ")}.`,
  "key.created": (who, event) => `${who} creó una clave${as(event.text("role"), " para la función ")}.`,
  "key.revoked": (who) => `${who} revocó una clave.`,
  "device.enrolled": (who) => `${who} dio de alta la cámara.`,
  "device.revoked": (who) => `${who} revocó la cámara.`,
  "recovery.sheet-made": (who, event) =>
    event.text("step") === "kept"
      ? `${who} dijo que la hoja de recuperación está guardada.`
      : `${who} hizo la hoja de recuperación.`,
  "unit.created": (who, event) => `${who} añadió la unidad ${event.text("name") ?? ""}.`,
  "unit.changed": (who, event) => `${who} cambió la unidad ${event.text("name") ?? ""}.`,
  "category.created": (who, event) =>
    `${who} añadió la categoría ${event.text("name") ?? ""}${as(event.text("keep"), ", se conserva ")}.`,
  "category.changed": (who, event) =>
    `${who} cambió ${event.text("name") ?? "la regla de lo no categorizado"}${as(event.text("keep"), ": se conserva ")}.`,
  "class.created": (who, event) => `${who} añadió la clase restringida ${event.text("name") ?? ""}.`,
  "class.changed": (who, event) => {
    const members = (event.text("added") ?? event.text("removed")) !== null;
    return `${who} cambió ${members ? "quién pertenece a " : ""}la clase restringida ${event.text("name") ?? ""}.`;
  },
  "upload.created": (who, event) => `${who} empezó a subir un archivo${as(event.bytes("length"), " de ")}.`,
  "upload.incomplete": (_, event) =>
    `La subida terminó sin completarse; ${event.bytes("received") ?? "lo que llegó"} se conserva hasta que decida un custodio.`,
  "upload.cancelled": (who) => `${who} canceló la subida.`,
  "recording.opened": (who, event) => `${who} empezó a grabar${as(event.reason, ", iniciado por ")}.`,
  "take.opened": (_, event) => `${part(event)} empezó.`,
  "take.root": (_, event) => {
    const last = event.number("n");
    return `Se almacenaron y registraron los primeros ${last === null ? "" : `${last + 1} `}fragmentos de ${part(event).toLowerCase()}.`;
  },
  "take.interrupted": (_, event) =>
    `${part(event)} terminó sin que la cámara la cerrara; todo lo que llegó se conserva.`,
  "recording.closed": (who, event) =>
    `${who} terminó la grabación${as(event.reason?.replaceAll("-", " ") ?? null, ": ")}.`,
  "fragment.conflict": (who, event) => {
    const n = event.number("n");
    const which = n === null ? "un fragmento" : n < 0 ? "el principio" : `el fragmento ${n + 1}`;
    return `${who} envió otros bytes para ${which}, ya recibido; se conservan los primeros.`;
  },
  "evidence.stored": (_, event) => `La evidencia se almacenó, se releyó y se cotejó${as(event.bytes("size"), ": ")}.`,
  "evidence.received-again": (who) => `${who} envió de nuevo los mismos bytes; se reconocieron como esta evidencia.`,
  "evidence.incomplete": () => "Lo que llegó se conservó como evidencia incompleta.",
  "evidence.probed": () => "Se leyó el formato del archivo.",
  "evidence.previewed": (who) => `${who} miró las imágenes de la evidencia.`,
  "evidence.viewed": (who) => `${who} vio la evidencia.`,
  "evidence.notes-read": (who, event) =>
    event.text("by") === "search"
      ? `${who} leyó líneas de las notas que encontró una búsqueda.`
      : `${who} leyó las notas de la evidencia.`,
  "evidence.downloaded": (who) => `${who} descargó el original.`,
  "evidence.custody-read": (who) => `${who} leyó este historial.`,
  "evidence.categorised": (who, event) => {
    const names = event.names("categories");
    return names.length === 0
      ? `${who} quitó las categorías de la evidencia.`
      : `${who} puso la evidencia en ${names.join(", ")}.`;
  },
  "evidence.restricted": (who, event) =>
    event.text("class") === null ? `${who} levantó la restricción.` : `${who} restringió quién puede ver la evidencia.`,
  "hold.placed": (who, event) => `${who} puso una retención legal${as(event.reason, ": ")}.`,
  "hold.released": (who, event) => `${who} levantó una retención legal${as(event.reason, ": ")}.`,
  "marker.added": (who, event) => `${who} añadió ${marking(event)}${moment(event)}.`,
  "marker.changed": (who, event) =>
    event.text("restored") === null
      ? `${who} cambió ${marking(event)}${moment(event)}.`
      : `${who} recuperó ${marking(event)} que se había quitado${moment(event)}.`,
  "marker.removed": (who, event) => `${who} quitó ${marking(event)}${moment(event)}.`,
  "derivative.made": (who, event) =>
    `${who} hizo ${event.text("made") === "clip" ? "un recorte" : "una imagen fija"}${moment(event)}; es una evidencia propia.`,
  "evidence.time-corrected": (who, event) => {
    const offset = event.number("offsetMs");
    if (offset === 0) return `${who} retiró la corrección de la hora${as(event.reason, ": ")}.`;
    const by = offset === null ? "" : ` en ${offset < 0 ? "−" : "+"}${(Math.abs(offset) / 1000).toFixed(3)} s`;
    return `${who} corrigió la hora de la evidencia${by}${as(event.reason, ": ")}.`;
  },
  ...matterSentences,
  "share.made": (who, event) => {
    const until = event.text("expiresAt")?.slice(0, 10) ?? "";
    const keep = event.text("mayDownload") === "yes" ? ", para conservar" : "";
    return `${who} compartió la evidencia con personas de fuera hasta el ${until}${keep}${as(event.reason, ": ")}.`;
  },
  "share.revoked": (who, event) => `${who} terminó un acceso de fuera${as(event.reason, ": ")}.`,
  "derivative.stored": (_, event) => `Se hizo del original: ${event.text("role") ?? "un derivado"}.`,
  "job.retried": (who, event) => {
    const count = event.number("count");
    return `${who} hizo reintentar ${count === 1 ? "un trabajo" : `${count ?? "algunos"} trabajos`} con fallo.`;
  },
  "audit.searched": (who, event) => `${who} consultó la auditoría${as(event.text("asked"), ": ")}.`,
  "audit.exported": (who, event) =>
    `${who} exportó la auditoría como ${event.text("format") ?? "archivo"}${as(event.text("asked"), ": ")}.`,
  "evidence.captions-added": (who, event) =>
    event.text("by") === "person"
      ? `${who} aportó subtítulos (${event.number("cues") ?? "algunas"} líneas).`
      : `Se extrajeron subtítulos del original (${event.number("cues") ?? "algunas"} líneas).`,
  "track.stored": (_, event) => `Se almacenó el recorrido GPS${as(event.text("source"), " de ")}.`,
};

const anonymous = { device: "Una cámara", service: "El servidor", person: "Alguien" } as const;

/** In place of the server's English sentence; `name` is the actor's, or null where nobody knows it. */
export function sentenceInSpanish(kind: EventKind, name: string | null, event: EventFacts): string | null {
  const who = name ?? anonymous[event.actor];
  return (sentences[kind] as Say | undefined)?.(who, event) ?? null;
}

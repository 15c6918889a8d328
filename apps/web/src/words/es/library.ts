import type { Attention } from "@sworn/contract";
import type { Words } from "../index.ts";
import { periodInWords } from "./evidence.ts";

const count = (n: number): string => n.toLocaleString("es-ES");
const items = (n: number): string => (n === 1 ? "1 evidencia" : `${count(n)} evidencias`);
const attention: Readonly<Record<Attention, string>> = {
  uncategorised: "Sin categoría",
  held: "En retención legal",
  restricted: "Restringidas",
  "not-playable": "No reproducibles",
  incomplete: "Incompletas",
  live: "Grabando ahora",
};

export const library: Words["library"] = {
  title: "Biblioteca",
  totals: (n, length, size) => `${items(n)} · ${length} · ${size}`,
  totalsCapped: (n, length, size) => `más de ${items(n)} · las ${count(n)} más nuevas: ${length} · ${size}`,
  grid: "Imágenes",
  list: "Lista",
  view: "Vista",
  clear: "Quitar los filtros",
  clearShort: "Quitar",
  live: "Grabando ahora",
  liveSince: (clock) => `desde las ${clock}`,
  parts: (n) => `${n} partes`,
  signed: "Firmada por la cámara",
  track: "Recorrido GPS",
  noPoster: "Aún sin imagen",
  look: {
    logged: "consulta registrada",
    none: "No hay imágenes que mirar",
  },
  columns: {
    title: "Título, categoría, conservar hasta",
    person: "Persona o cámara",
    recorded: "Grabada",
    length: "Duración",
    size: "Tamaño",
    state: "Estado",
  },
  recordedUnknown: "hora desconocida",
  receivedAt: (moment) => `recibida ${moment}`,
  items: "Evidencias",
  loadingMore: "Cargando más…",
  emptyTitle: "Aquí no hay nada todavía",
  emptyBody:
    "Incorpore el primer vídeo o deje grabar a una cámara. Cada byte se conserva sin cambios, cifrado e inscrito en el registro de custodia.",
  emptyUpload: "Subir un vídeo",
  emptyCamera:
    "O inicie la cámara de software en cualquier máquina, con la clave que da Gestión, Dar de alta una cámara:",
  emptyDock: "O incorpore todo lo que una cámara dejó en su tarjeta, con esa clave:",
  nothingTitle: "Nada coincide",
  nothingBody: (set) =>
    set.length === 1
      ? `Ninguna evidencia que usted pueda ver tiene ${set.join("")}.`
      : `Ninguna evidencia que usted pueda ver tiene todo esto: ${set.join(" · ")}.`,
  without: (filter) => `Sin «${filter}»`,
  wouldFind: (n, capped) => (capped ? `más de ${items(n)}` : items(n)),

  marks: {
    held: "En retención legal",
    heldTitle: "En retención legal: mientras dure, no se elimina nada de ella",
    restricted: (name) => `Restringida: ${name}`,
    restrictedTitle: (name) => `Restringida a ${name}: solo sus miembros ven esta evidencia`,
    uncategorised: "Aún sin categoría",
    keepUntil: (day, keep) => `conservar hasta ${day}${keep === null ? "" : ` (${keep})`}`,
    keepForEver: "se conserva sin fin",
    heldAfter: "y mientras dure su retención legal",
  },
  period: periodInWords,

  goTo: {
    label: "Ir al día",
    from: (day) => `Desde el ${day} hacia atrás.`,
    nothing: "Nada se grabó ese día ni antes.",
    newest: "Volver a lo más nuevo",
  },
  left: {
    had: (filters) => `La última vez miraba: ${filters.join(" · ")}.`,
    goOn: "Seguir con eso",
    forget: "Olvidarlo",
  },
  found: {
    inNote: "En una nota:",
    inNoteAt: (time) => `En una nota en ${time}:`,
    others: (n) => `+ ${count(n)}`,
  },

  filters: {
    title: "Filtros",
    shown: "Filtros puestos",
    open: (set) => (set === 0 ? "Filtros" : `Filtros (${set})`),
    show: "Mostrar los filtros",
    hide: "Ocultar los filtros",
    done: "Mostrar las evidencias",
    remove: (filter) => `Quitar el filtro ${filter}`,
    chip: (field, value) => `${field}: ${value}`,
    fields: {
      when: "Cuándo",
      is: "Requiere atención",
      unit: "Unidad",
      category: "Categoría",
      person: "Persona",
      device: "Cámara",
      kind: "Tipo",
      state: "Estado",
      length: "Duración",
      q: "Texto",
      place: "Lugar",
      incident: "Incidente",
    },
    attention,
    placeOnMap: "trazado en el mapa",
    when: { today: "hoy", "7d": "últimos 7 días", "30d": "últimos 30 días" },
    whenAny: "en cualquier momento",
    between: (from, to) =>
      from !== null && to !== null ? `${from} – ${to}` : from !== null ? `desde ${from}` : `hasta ${to ?? ""}`,
    from: "Desde",
    to: "Hasta",
    noSuchDay: "El primer día es posterior al último: nada puede coincidir.",
    minutes: (seconds) => `${(seconds / 60).toLocaleString("es-ES", { maximumFractionDigits: 1 })} min`,
    atLeast: "Como mínimo (min)",
    atMost: "Como máximo (min)",
    length: (from, to) =>
      from !== null && to !== null
        ? `${from} – ${to}`
        : from !== null
          ? `como mínimo ${from}`
          : `como máximo ${to ?? ""}`,
    count: (n, capped) => (capped ? `${count(n)}+` : count(n)),
    countSaid: (n, capped) => (capped ? `al menos ${items(n)}` : items(n)),
    capped: (n) =>
      `Contado sobre las ${count(n)} evidencias más nuevas de esta selección. Un + dice que puede haber más; la lista las contiene todas.`,
    all: (n) => `Mostrar los ${n}`,
    fewer: "Mostrar menos",
    most: "Se muestran los 50 más frecuentes. Busque los demás por texto.",
    unknown: { unit: "una unidad", category: "una categoría", person: "una persona", device: "una cámara" },
    failed: "No se pudieron leer los recuentos.",
  },

  select: {
    one: (title) => `Seleccionar ${title}`,
    bar: "Selección",
    selected: (n) => (n === 1 ? "1 evidencia seleccionada" : `${items(n)} seleccionadas`),
    length: (length) => `${length} en total`,
    categorise: "Categorizar…",
    hold: "Retener…",
    clear: "Quitar la selección",
    tooMany: (most) => `Como máximo ${most} a la vez: seleccione menos para cambiarlas.`,
  },

  categorise: {
    title: (n) => `Categorizar ${items(n)}`,
    why: "Las categorías dicen qué es una evidencia y cuánto se conserva; gana la más larga.",
    none: "Aún no hay categorías. La primera la crea quien gestiona las categorías.",
    find: "Buscar una categoría",
    has: (n, all) => (all === 1 || n === all ? "ya la tiene" : `${n} de ${all} la tienen`),
    keep: (keep) => `conservar ${periodInWords(keep)}`,
    restricts: "restringe",
    archived: "ya no se usa",
    add: "Añadir",
    remove: "Quitar",
    choose: "Elija qué añadir o quitar; lo que ocurriría se muestra aquí antes de que ocurra.",
    asking: "Calculando qué ocurriría…",
    changes: (changed, same, missing) =>
      [
        changed === 0 ? "No cambia nada" : `${items(changed)} ${changed === 1 ? "cambia" : "cambian"}`,
        ...(same === 0 ? [] : [`${count(same)} ya ${same === 1 ? "está" : "están"} así`]),
        ...(missing === 0
          ? []
          : [
              `${count(missing)} no se ${missing === 1 ? "puede" : "pueden"} cambiar: eliminadas, o ya no le corresponde verlas`,
            ]),
      ].join(" · "),
    keepMoves: (n, from, to) => `Conservar hasta pasa de ${from} a ${to} (${items(n)})`,
    keepStays: (n, day) => `Conservar hasta sigue en ${day} (${items(n)})`,
    keepMore: (n) => `y ${count(n)} cambios más de este tipo`,
    noDay: "sin último día",
    becomesRestricted: (n, name) =>
      n === 1
        ? `1 evidencia queda restringida${name === null ? "" : ` a ${name}`}: desde entonces solo la ven los miembros de esa clase. Deshacer quita la categoría, pero no la restricción.`
        : `${items(n)} quedan restringidas${name === null ? "" : ` a ${name}`}: desde entonces solo las ven los miembros de esa clase. Deshacer quita la categoría, pero no la restricción.`,
    losesIt: "Usted no es miembro: para usted desaparecen, y no puede deshacerlo.",
    maybeLosesIt: "Si usted no es miembro, desaparecen para usted, y no puede deshacerlo.",
    apply: (n) => (n === 0 ? "Categorizar" : `Cambiar ${items(n)}`),
    done: (n) => (n === 1 ? "1 evidencia cambiada." : `${items(n)} cambiadas.`),
    doneRestricted: (n) =>
      n === 1
        ? "1 evidencia está ahora restringida y fuera de la vista de quien no es miembro."
        : `${items(n)} están ahora restringidas y fuera de la vista de quien no es miembro.`,
    undone: (n) => `Deshecho: ${items(n)} ${n === 1 ? "tiene" : "tienen"} las categorías de antes.`,
    undoneInPart: (n) =>
      n === 1
        ? "1 evidencia no se pudo deshacer: ahora está restringida a otros. Un miembro de esa clase puede."
        : `${items(n)} no se pudieron deshacer: ahora están restringidas a otros. Un miembro de esa clase puede.`,
    stillRestricted: (n) => (n === 1 ? "1 evidencia sigue restringida." : `${items(n)} siguen restringidas.`),
  },

  hold: {
    title: (n) => `Retener ${items(n)}`,
    why: "Mientras dure una retención legal no se elimina nada de la evidencia, digan lo que digan sus categorías. Cada evidencia recibe su propia retención.",
    reason: "Motivo",
    reasonHint: "Quién lo pidió y para qué: queda en el historial para siempre.",
    owner: "Responsable",
    ownerHint: "Revisa la retención y dice cuándo termina.",
    me: (name) => `${name} (usted)`,
    reviewOn: "Revisar el",
    apply: (n) => `Retener ${items(n)}`,
    done: (n, day) =>
      n === 1 ? `1 evidencia retenida, se revisa el ${day}.` : `${items(n)} retenidas, se revisan el ${day}.`,
    missing: (n) =>
      n === 1
        ? "1 evidencia no se pudo retener: eliminada, o ya no le corresponde verla."
        : `${items(n)} no se pudieron retener: eliminadas, o ya no le corresponde verlas.`,
    undoReason: "puesta por error",
    undone: (n) =>
      n === 1
        ? "Deshecho: la retención terminó, «puesta por error»."
        : `Deshecho: ${count(n)} retenciones terminaron, «puestas por error».`,
  },

  views: {
    title: "Vistas",
    shown: (name, differs) => (differs ? `${name}, cambiada` : name),
    mine: "Mis vistas",
    shared: "Compartidas conmigo",
    none: "Aún no se guarda ninguna vista. Ponga filtros y guárdelos con un nombre.",
    save: "Guardar como vista…",
    saveTitle: "Guardar esta vista",
    saveLead:
      "Contiene los filtros y cómo se muestran las evidencias, no las evidencias: quien la abra ve lo que le corresponde ver.",
    saveSubmit: "Guardarla",
    keepChanges: "Guardar los cambios en esta vista",
    changed: (name) => `«${name}» contiene ahora estos filtros.`,
    makeFirst: "Abrir mi biblioteca con ella",
    dropFirst: "Abrir mi biblioteca con todo",
    isFirst: (name) => `Desde ahora su biblioteca se abre con «${name}».`,
    noLongerFirst: "Desde ahora su biblioteca se abre con todo.",
    change: "Cambiar nombre o compartir…",
    changeTitle: (name) => `Cambiar «${name}»`,
    changeSubmit: "Cambiarla",
    remove: "Quitar esta vista",
    removed: (name) => `Se quitó «${name}».`,
    name: "Nombre",
    sharedWith: "Quién la tiene en su lista",
    sharedHint: "Una vista compartida no muestra a nadie más de lo que puede ver.",
    reaches: { me: "Solo yo", unit: "Mi unidad y las que están debajo", agency: "Toda la agencia" },
  },
  map: {
    title: "Mapa",
    label: "Mapa de lo encontrado. Cada marca dice cuántas evidencias hay allí.",
    cell: (n) => items(n),
    counted: (n, capped) => (capped ? `Las ${count(n)} evidencias más nuevas a la vista` : `${items(n)} a la vista`),
    none: "Nada de esta selección está en esta parte del mapa. Las evidencias sin recorrido GPS solo están en la lista.",
    draw: "Trazar un lugar",
    shapes: { bbox: "Rectángulo", near: "Círculo", area: "Polígono" },
    hints: {
      bbox: "Pulse dos esquinas opuestas.",
      near: "Pulse el centro y luego hasta dónde.",
      area: "Pulse cada esquina y luego Terminar.",
    },
    finish: "Terminar",
    stop: "No trazar",
    clear: "Olvidar el lugar",
    byHand: "Escribir un lugar",
    lat: "Latitud",
    lon: "Longitud",
    metres: "A menos de (m)",
    find: "Buscar allí",
    circle: (metres, lat, lon) => `a menos de ${metres} de ${lat}, ${lon}`,
    drawn: "trazado en el mapa",
  },
};

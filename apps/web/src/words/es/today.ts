import type { Words } from "../index.ts";

export const today: Words["today"] = {
  title: "Hoy",
  lead: "Lo que requiere su atención. Todo lo demás puede esperar.",
  kinds: {
    uncategorised: (count, n) =>
      `${count} ${n === 1 ? "suya sin categoría: diga qué es" : "suyas sin categoría: diga qué son"}`,
    "hold-review": (count, n) =>
      `${count} ${n === 1 ? "retención legal suya por revisar" : "retenciones legales suyas por revisar"}`,
    "upload-unfinished": (count, n) =>
      `${count} ${n === 1 ? "subida suya sin terminar" : "subidas suyas sin terminar"}`,
    incomplete: (count, n) =>
      `${count} ${n === 1 ? "evidencia que no llegó entera" : "evidencias que no llegaron enteras"}`,
    "not-playable": (count, n) =>
      `${count} ${n === 1 ? "evidencia que aquí no se puede reproducir" : "evidencias que aquí no se pueden reproducir"}`,
    mention: (count, n) => `${count} ${n === 1 ? "nota que le nombra" : "notas que le nombran"}`,
    task: (count, n) => `${count} ${n === 1 ? "tarea suya" : "tareas suyas"}`,
    "share-ending": (count, n) =>
      `${count} ${n === 1 ? "acceso compartido que termina" : "accesos compartidos que terminan"} en una semana`,
    "job-failed": (count, n) =>
      `${count} ${n === 1 ? "trabajo abandonado" : "trabajos abandonados"} tras varios intentos`,
    "recovery-sheet": () => "Falta la hoja de recuperación",
  },
  titles: {
    uncategorised: "Sin título",
    "hold-review": "Sin título",
    "upload-unfinished": "Archivo sin nombre",
    incomplete: "Sin título",
    "not-playable": "Sin título",
    mention: "Sin título",
    task: "Una tarea",
    "share-ending": "Un acceso sin mensaje",
    "job-failed": "Trabajo en una evidencia",
    "recovery-sheet": "Hágala desde el aviso de arriba: hacen falta una impresora y dos minutos.",
  },
  namedBy: (name) => `de ${name}`,
  ends: (day) => `termina el ${day}`,
  taskDone: "Hecha",
  taskDoneOf: (task) => `Hecha: ${task}`,
  taskWasDone: "La tarea está hecha.",
  waiting: (n, capped) => (capped ? `más de ${n} le esperan` : `${n} ${n === 1 ? "le espera" : "le esperan"}`),
  count: (n, capped) => (capped ? `Más de ${n}` : String(n)),
  all: "Ver todas",
  more: (n, capped) => (capped ? `y al menos ${n} más` : `y ${n} más`),
  due: (day, late) => (late ? `vencía el ${day}` : `vence el ${day}`),
  since: (moment) => `desde ${moment}`,
  putAside: "Apartar",
  putAsideOf: (title) => `Apartar: ${title}`,
  untilTomorrow: "Hasta mañana",
  forGood: "No recordármelo más",
  wasPutAside: (n, good) =>
    `${n === 1 ? "Una cosa apartada" : `${n} cosas apartadas`} ${good ? "para siempre" : "hasta mañana"}.`,
  aside: (n) => (n === 1 ? "1 cosa apartada." : `${n} cosas apartadas.`),
  showAgain: "Mostrarlo todo de nuevo",
  nothingTitle: "Nada le espera",
  nothingBody: "Lo nuevo aparece aquí por sí solo. La biblioteca contiene todo lo que usted puede ver.",
};

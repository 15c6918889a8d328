import type { Words } from "../index.ts";

export const uploads: Words["uploads"] = {
  title: "Subir",
  lead: "Suelte aquí los archivos",
  choose: "Elegir archivos",
  formats: "MP4 y MOV, de cualquier tamaño. Pueden ser varios a la vez.",
  notYours: "Subir archivos no corresponde a su función",
  notYoursBody: "Su función es de lectura. Un agente, supervisor o custodio puede incorporar archivos.",
  list: "Subidas",
  promise:
    "Conserve su copia hasta que su línea diga que ya no hace falta: solo entonces cada byte se ha escrito, releído y cotejado, y el archivo se ha abierto como lo hace un reproductor.",
  phases: {
    waiting: "En espera",
    comparing: "Conocido aquí, se está comparando",
    sending: "Enviando",
    sealing: "Recibido, se está sellando",
    opening: "Almacenado, se está abriendo",
    stored: "Almacenado",
    known: "No se envió de nuevo",
    refused: "No aceptado",
    failed: "Interrumpido",
    cancelled: "Cancelado",
  },
  storedPhases: {
    plays: "Almacenado",
    "ends-early": "Almacenado, termina antes",
    "cannot-be-played": "Almacenado, no se puede reproducir",
    "not-known": "Almacenado",
  },
  left: (time) => `faltan ${time}`,
  resumed: "Había una subida de este archivo sin terminar: sigue donde estaba.",
  comparing: (of) => `Este navegador ya envió un archivo así; ${of} comparados con lo que se conserva`,
  sealing: (of) => `${of} releídos y cotejados`,
  opening: (size) => `${size}, releídos y cotejados. Se está mirando si se puede reproducir.`,
  storedLines: {
    plays: (size) => `${size}, releídos, cotejados y en el registro, y se puede reproducir. Su copia ya no hace falta.`,
    "ends-early": (size, why) =>
      `${size}, almacenados enteros como llegaron. ${why} Se reproduce hasta ahí. Conserve su copia, puede ser la mejor; los bytes de aquí se conservan sin cambios.`,
    "cannot-be-played": (size, why) =>
      `${size}, almacenados enteros, pero no se pueden reproducir. ${why} Conserve su copia, puede ser la mejor; los bytes de aquí se conservan sin cambios.`,
    "not-known": (size) =>
      `${size}, almacenados enteros. Aún no se sabe si se pueden reproducir: conserve su copia hasta que su página muestre la imagen.`,
  },
  alreadyHeld: "Estos mismos bytes ya estaban aquí; esto es un segundo asiento de la misma evidencia.",
  known: "Estos mismos bytes ya están aquí: no se envió nada.",
  onItsWay: "Este archivo ya está en camino, en esta lista.",
  sendAnyway: "Enviarlo de todos modos",
  refusedLine: "El archivo no se aceptó. Nada más se ve afectado.",
  failedLine: "Lo recibido se conserva; sigue desde ahí.",
  cancelledLine: "Terminado por usted. Lo que había llegado queda a la vista del custodio.",
  open: "Abrir",
  remove: "Quitar de esta lista",
  unfinished: "Sin terminar",
  received: (done, all) => `${done} de ${all} recibidos`,
  keptUntil: (moment) => `se conserva hasta ${moment}`,
  sameFile: "El navegador olvidó el archivo al cerrarse la página. Elija el mismo archivo y sigue donde estaba.",
  otherFile:
    "Ese es otro archivo: difieren el nombre, el tamaño, la fecha o el contenido. Seguir con él mezclaría dos archivos, así que no se aceptó.",
  otherBrowser:
    "Empezada en otro navegador, el único que puede saber si un archivo es el mismo. Siga allí o termínela aquí.",
  chooseSame: "Elegir el mismo archivo",
  giveUp: "Terminarla",
  chip: (count, percent) => `${count} subiendo · ${percent} %`,
};

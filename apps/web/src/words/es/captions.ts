import type { Words } from "../index.ts";

export const captions: Words["captions"] = {
  title: "Subtítulos",
  none: "Aún no hay. Un archivo con pista de subtítulos trae los suyos; otros se pueden añadir como WebVTT.",
  there: "Hay subtítulos. C los muestra en la imagen o los oculta.",
  add: "Añadir subtítulos (WebVTT)…",
  replace: "Añadir subtítulos más nuevos (WebVTT)…",
  added: (lines) =>
    lines === 1 ? "Se añadió una línea de subtítulos." : `Se añadieron ${lines} líneas de subtítulos.`,
  tooLarge: "Los subtítulos ocupan como mucho 512 KiB. No se envió nada.",
  track: "Subtítulos",
};

import type { Words } from "../index.ts";

export const derivatives: Words["derivatives"] = {
  title: "Imágenes fijas y recortes",
  still: "Imagen fija de esto",
  clip: "Recorte del tramo",
  clipFirst: "Para un recorte, marque su principio con I y su final con O, en una misma parte.",
  made: "Cada uno es una evidencia propia, hecha en el servidor desde el original y codificada de nuevo.",
  kinds: { snapshot: "Imagen fija", clip: "Recorte" },
  states: {
    waiting: "espera",
    running: "se está haciendo",
    done: "está hecho",
    failed: "no se pudo hacer",
    cancelled: "se detuvo",
  },
  progress: (title) => `Haciendo ${title}`,
  percent: (done) => `${done} %`,
  open: (title) => `Abrir ${title}`,
  cancel: "Detener",
  cancelOf: (title) => `Detener ${title}`,
  retry: "Reintentar",
  retryOf: (title) => `Reintentar ${title}`,
  family: "El original y lo que se hizo de él",
  original: "Original",
  thisOne: "esta evidencia",
  more: "Hay más de lo que se muestra aquí.",
  from: (kind, where, by) => `${kind}, ${where}, por ${by}`,
};

import type { Language } from "@sworn/contract";
import type { Notice } from "../../ports/notify.ts";

/** What a letter says, before it is laid out. */
export interface Said {
  readonly subject: string;
  readonly lines: readonly string[];
  readonly action: string | null;
}
export interface Facts {
  readonly agency: string;
  /** In the agency's zone and the reader's language. */
  readonly until: string;
  /** Who named them, or whose sign-in was locked; empty where nobody knows. */
  readonly person: string;
}
type Words = Readonly<Record<Notice["kind"], (facts: Facts) => Said>> & {
  readonly hello: (name: string) => string;
  readonly foot: (agency: string) => string;
};

export const lettersIn: Readonly<Record<Language, Words>> = {
  en: {
    hello: (name) => `Hello ${name},`,
    foot: (agency) =>
      `${agency} uses Sworn to keep evidence. This letter was written by the system; nobody reads answers.`,
    invited: ({ agency, until }) => ({
      subject: `${agency} invites you to Sworn`,
      lines: [
        `${agency} invites you to its evidence system. Choose your own password with the link below.`,
        `The link is yours alone and works once, until ${until}. Do not pass it on.`,
      ],
      action: "Accept the invitation",
    }),
    shared: ({ agency, until }) => ({
      subject: `${agency} shared evidence with you`,
      lines: [`${agency} shared evidence with you until ${until}. Sign in to see it.`],
      action: "Open what was shared",
    }),
    "share-ending": ({ agency, until }) => ({
      subject: `What ${agency} shared with you ends soon`,
      lines: [`What ${agency} shared with you ends on ${until}. Ask whoever shared it if you need it for longer.`],
      action: "Open what was shared",
    }),
    mentioned: ({ person }) => ({
      subject: "You were named in a note",
      lines: [
        `${person === "" ? "Somebody" : person} named you in a note on an item. Sign in to read it.`,
        "On your account's page you can choose to get no such letters.",
      ],
      action: "Open the item",
    }),
    "locked-out": ({ person, until }) => ({
      subject: person === "" ? "Your sign-in was locked" : "A sign-in was locked",
      lines: [
        person === ""
          ? `Your sign-in was locked after several wrong tries, until ${until}.`
          : `The sign-in of ${person} was locked after several wrong tries, until ${until}.`,
        person === "" ? "If it was not you who tried, tell whoever manages people in your agency." : "",
      ],
      action: null,
    }),
  },
  es: {
    hello: (name) => `Hola, ${name}:`,
    foot: (agency) => `${agency} usa Sworn para guardar evidencias. Esta carta la escribió el sistema; no la responda.`,
    invited: ({ agency, until }) => ({
      subject: `${agency} le invita a Sworn`,
      lines: [
        `${agency} le invita a su sistema de evidencias. Elija su propia contraseña con el enlace de abajo.`,
        `El enlace es solo suyo y sirve una vez, hasta el ${until}. No lo comparta.`,
      ],
      action: "Aceptar la invitación",
    }),
    shared: ({ agency, until }) => ({
      subject: `${agency} compartió evidencias con usted`,
      lines: [`${agency} compartió evidencias con usted hasta el ${until}. Inicie sesión para verlas.`],
      action: "Abrir lo compartido",
    }),
    "share-ending": ({ agency, until }) => ({
      subject: `Lo que ${agency} compartió con usted termina pronto`,
      lines: [`Lo que ${agency} compartió con usted termina el ${until}. Si lo necesita más tiempo, pídalo.`],
      action: "Abrir lo compartido",
    }),
    mentioned: ({ person }) => ({
      subject: "Le mencionaron en una nota",
      lines: [
        `${person === "" ? "Alguien" : person} le mencionó en una nota sobre una evidencia. Inicie sesión para leerla.`,
        "En la página de su cuenta puede elegir no recibir estas cartas.",
      ],
      action: "Abrir la evidencia",
    }),
    "locked-out": ({ person, until }) => ({
      subject: person === "" ? "Su inicio de sesión se bloqueó" : "Un inicio de sesión se bloqueó",
      lines: [
        person === ""
          ? `Su inicio de sesión se bloqueó tras varios intentos erróneos, hasta el ${until}.`
          : `El inicio de sesión de ${person} se bloqueó tras varios intentos erróneos, hasta el ${until}.`,
        person === "" ? "Si no fue usted, avise a quien gestiona las personas en su agencia." : "",
      ],
      action: null,
    }),
  },
};

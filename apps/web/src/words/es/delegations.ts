import type { Words } from "../index.ts";

export const delegations: Words["delegations"] = {
  title: "Alcance prestado",
  titleOf: (name) => `Alcance prestado: ${name}`,
  why: "Quien actúa por otra persona ve lo que ella ve, y todo lo que hace queda registrado con ambos nombres.",
  none: "No hay nada prestado.",
  lend: "Prestar su alcance",
  lendLead:
    "Un colega ve y hace lo que usted puede, hasta el día que elija. Nunca más de lo que usted pueda en ese momento; no se prestan clases restringidas, claves ni personas. Lo que haga queda registrado con ambos nombres.",
  nobody: "Todavía no hay ningún colega a quien prestar su alcance.",
  to: "A",
  roles: "Sus funciones que recibe",
  noRole: "Elija al menos una función.",
  until: "Hasta el final del",
  untilHint: "Como máximo 180 días. Termina por sí solo.",
  reason: "Motivo",
  line: (from, to, roles) => `${from} a ${to}: ${roles}`,
  span: (from, until) => `${from} a ${until}`,
  unitOnly: (unit) => `solo ${unit}`,
  states: { planned: "empieza más tarde", active: "vigente", over: "terminado", ended: "terminado antes" },
  endedBy: (name, reason) => `terminado por ${name}: ${reason}`,
  actFor: (name) => `Actuar por ${name}`,
  acting: (name, roles, until) =>
    `Usted actúa por ${name} (${roles}) hasta ${until}. Todo lo que haga queda registrado con ambos nombres.`,
  asYourself: "Actuar como usted",
  end: "Terminar ahora",
  endOf: (from, to) => `Terminar ahora: lo que ${from} prestó a ${to}`,
  endLead: "Termina al momento, en todos los navegadores.",
};

/** One person's reach, lent to another for a time. */
export const delegations = {
  title: "Lent reach",
  titleOf: (name: string) => `Lent reach: ${name}`,
  why: "Whoever acts for somebody sees what that person sees, and everything they do is recorded under both names.",
  none: "Nothing is lent.",
  lend: "Lend your reach",
  lendLead:
    "A colleague sees and does what you may, until the day you choose. Never more than you may yourself at that moment; restricted classes, keys and people are not lent. What they do stands in the record under both names.",
  nobody: "There is no colleague yet to whom you could lend your reach.",
  to: "To",
  roles: "Your roles that they get",
  noRole: "Choose at least one role.",
  until: "Until the end of",
  untilHint: "At most 180 days. It ends by itself.",
  reason: "Reason",
  line: (from: string, to: string, roles: string) => `${from} to ${to}: ${roles}`,
  span: (from: string, until: string) => `${from} to ${until}`,
  unitOnly: (unit: string) => `only ${unit}`,
  states: { planned: "begins later", active: "in force", over: "over", ended: "ended early" },
  endedBy: (name: string, reason: string) => `ended by ${name}: ${reason}`,
  actFor: (name: string) => `Act for ${name}`,
  acting: (name: string, roles: string, until: string) =>
    `You act for ${name} (${roles}) until ${until}. Everything you do is recorded under both names.`,
  asYourself: "Act as yourself",
  end: "End now",
  endOf: (from: string, to: string) => `End now: what ${from} lent ${to}`,
  endLead: "It ends at once, in every browser.",
};

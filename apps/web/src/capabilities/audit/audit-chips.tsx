import { AuditDeed, EventKind } from "@sworn/contract";
import { IconX } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import type { ReactElement } from "react";
import { useMoments } from "../../app/me.ts";
import { sworn } from "../../app/server.ts";
import { words } from "../../words/index.ts";
import { auditFields, type AuditSearch, filterOf, valuesOf, without } from "./search.ts";

const say = words.audit;

/** What is set, each with its own way out; ids are shown by the names they stand for. */
export function AuditChips(props: { search: AuditSearch; onGo: (search: AuditSearch) => void }): ReactElement | null {
  const moments = useMoments();
  const filter = filterOf(props.search);
  const ids = [...(filter.actor ?? []), ...(filter.subject ?? []), ...(filter.device ?? [])];
  const names = useQuery({
    queryKey: ["audit-names", ids.toSorted()],
    queryFn: ({ signal }) => sworn.audit.names({ ids }, signal),
    enabled: ids.length > 0,
  });
  const nameOf = (id: string): string =>
    names.data?.find((each) => each.id === id)?.name ?? (names.isSuccess ? say.unknown : "…");
  const day = (text: string): string => (text.includes("T") ? moments.full(text) : moments.day(`${text}T12:00:00Z`));
  const labels = {
    actor: (value: string) => say.actorChip(nameOf(value)),
    subject: (value: string) => say.subjectChip(nameOf(value)),
    device: (value: string) => say.deviceChip(nameOf(value)),
    did: (value: string) => say.deeds[AuditDeed.parse(value)],
    kind: (value: string) => say.kindChip(words.custody.kinds[EventKind.parse(value)]),
    from: (value: string) => say.fromChip(day(value)),
    to: (value: string) => say.toChip(day(value)),
  };
  const chips = auditFields.flatMap((field) => {
    const known = filter[field];
    if (known === undefined) return [];
    const values = typeof known === "string" ? [known] : valuesOf(props.search[field]);
    return values.map((value) => ({ field, value, label: labels[field](value) }));
  });
  if (chips.length === 0) return null;
  return (
    <ul className="audit-chips" aria-label={say.shown}>
      {chips.map(({ field, value, label }) => (
        <li key={`${field} ${value}`} className="audit-chip">
          <span>{label}</span>
          <button
            type="button"
            aria-label={say.remove(label)}
            onClick={() => props.onGo(without(props.search, field, value))}
          >
            <IconX size={14} aria-hidden="true" />
          </button>
        </li>
      ))}
      <li>
        <button type="button" className="audit-clear small" onClick={() => props.onGo({})}>
          {say.clear}
        </button>
      </li>
    </ul>
  );
}

import type { AuditLine } from "@sworn/contract";
import { Link } from "@tanstack/react-router";
import type { ReactElement } from "react";
import { useMoments } from "../../app/me.ts";
import { HashValue } from "../../ui/hash-value.tsx";
import { words } from "../../words/index.ts";
import { sentenceFor } from "../custody/index.ts";
import { type AuditSearch, withValue } from "./search.ts";

const say = words.audit;
/** Stands for the server itself where an entry names who acted. */
const SERVER = "00000000-0000-0000-0000-000000000000";

/** A table at a desk, blocks on a phone; names lead to the same search narrowed to them. */
export function AuditLines(props: { lines: readonly AuditLine[]; search: AuditSearch }): ReactElement {
  const moments = useMoments();
  return (
    <table className="audit-lines" aria-label={say.table}>
      <thead>
        <tr>
          {[`${say.when} (${moments.zoneName()})`, say.who, say.happened, say.on].map((name) => (
            <th key={name} scope="col">
              {name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {props.lines.map((line) => (
          <tr key={line.id}>
            <td className="nums audit-when">
              <time dateTime={line.at}>{moments.full(line.at)}</time>
            </td>
            <td>
              {line.actor === null ? null : line.actor.id === SERVER ? (
                line.actor.name
              ) : (
                <Link to="/audit" search={withValue(props.search, "actor", line.actor.id)}>
                  {line.actor.name}
                </Link>
              )}
            </td>
            <td>
              <p>{sentenceOf(line)}</p>
              {line.reason === null || (line.sentence ?? "").includes(line.reason) ? null : (
                <p className="soft">{line.reason}</p>
              )}
              <p className="small quiet">
                {line.did === null ? null : <span className="audit-did">{say.deeds[line.did]}</span>}{" "}
                {line.index === null ? say.waiting : say.logged(line.index)} ·{" "}
                <HashValue hash={line.commitment} name={words.custody.commitment} />
              </p>
            </td>
            <td>
              <Subject line={line} search={props.search} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function sentenceOf(line: AuditLine): string {
  if (line.sealed) return say.sealed;
  if (line.kind === null || line.sentence === null) return say.destroyed;
  return sentenceFor({ kind: line.kind, event: line.event, actor: line.actor, sentence: line.sentence });
}

function Subject(props: { line: AuditLine; search: AuditSearch }): ReactElement | null {
  const { subject } = props.line;
  if (subject === null) return null;
  const kind = say.subjects[subject.kind] ?? subject.kind;
  return (
    <>
      <Link to="/audit" search={withValue(props.search, "subject", subject.id)}>
        {subject.title ?? `${kind} ${subject.id.slice(0, 8)}`}
      </Link>
      <p className="small quiet">
        {kind}
        {subject.kind !== "evidence" || subject.titleFrom === null
          ? null
          : `, ${subject.titleFrom === "log" ? say.titleThen : say.titleToday}`}
      </p>
      {subject.kind === "evidence" ? (
        <Link to="/evidence/$id" params={{ id: subject.id }} search={{}} className="small">
          {say.item}
        </Link>
      ) : null}
    </>
  );
}

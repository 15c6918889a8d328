import { useQuery } from "@tanstack/react-query";
import type { ReactElement } from "react";
import { reasonOf } from "../../app/server.ts";
import { Dialog } from "../../ui/dialog.tsx";
import { words } from "../../words/index.ts";
import { lentQuery } from "./acting.ts";
import { LentList } from "./lent-list.tsx";

const say = words.delegations;

/** What this person lent and was lent, for who manages people. */
export function LentDialog(props: {
  person: { readonly id: string; readonly name: string } | null;
  onClose: () => void;
}): ReactElement {
  const { person } = props;
  const query = useQuery({ ...lentQuery(person?.id), enabled: person !== null });
  return (
    <Dialog open={person !== null} onClose={props.onClose} title={say.titleOf(person?.name ?? "")}>
      {query.isError ? <p role="alert">{reasonOf(query.error)}</p> : null}
      {query.isSuccess ? <LentList items={query.data.items} /> : null}
    </Dialog>
  );
}

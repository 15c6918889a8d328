import { Button } from "@mantine/core";
import type { FrontDoor } from "@sworn/contract";
import type { ReactElement } from "react";
import { sworn } from "../../app/server.ts";
import { words } from "../../words/index.ts";
import "./use-notice.css";

/** The agency's words to whoever is about to come in, as plain text. */
export function UseNotice(props: { text: string; agency?: string }): ReactElement {
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls must be reachable by keyboard
    <div className="use-notice" tabIndex={0} role="region" aria-label={props.agency ?? words.people.useNotice.title}>
      {props.agency === undefined ? null : <strong>{props.agency}</strong>}
      <p>{props.text}</p>
    </div>
  );
}

/** All notices of this server, then one button: nothing else is offered before. */
export function AcceptFirst(props: { notices: FrontDoor["notices"]; onAccept: () => void }): ReactElement {
  const many = props.notices.length > 1;
  return (
    <>
      {props.notices.map((notice) => (
        <UseNotice key={notice.agencyId} text={notice.text} {...(many ? { agency: notice.agency } : {})} />
      ))}
      <Button fullWidth onClick={props.onAccept}>
        {words.people.useNotice.accept}
      </Button>
    </>
  );
}

/** Tells the server what was accepted before it knew by whom. A text that is not among them is shown once more, inside. */
export async function tellAccepted(accepted: FrontDoor["notices"]): Promise<void> {
  if (accepted.length === 0) return;
  const { notice } = await sworn.session.state();
  const same = accepted.some(({ text, version }) => notice?.text === text && notice.version === version);
  if (notice !== null && same) await sworn.signIn.acceptNotice(notice.version);
}

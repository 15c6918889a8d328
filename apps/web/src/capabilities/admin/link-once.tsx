import { IconMailForward } from "@tabler/icons-react";
import type { ReactElement } from "react";
import { CalmNote } from "../../ui/calm-note.tsx";
import { CopyButton } from "../../ui/copy-button.tsx";
import { words } from "../../words/index.ts";

const say = words.admin.invitations;

/** A link that opens once: handed over by whoever made it, on a way they trust. */
export function LinkOnce(props: { name: string; url: string }): ReactElement {
  return (
    <div className="once">
      <CalmNote role="status" tone="accent" icon={IconMailForward} title={say.linkTitle(props.name)}>
        <p>{say.linkBody}</p>
        <p className="once-key mono">
          {props.url} <CopyButton text={props.url} label={words.frame.copyOf(say.link)} />
        </p>
      </CalmNote>
    </div>
  );
}

import { IconKey } from "@tabler/icons-react";
import type { ReactElement } from "react";
import { CalmNote } from "../../ui/calm-note.tsx";
import { CopyButton } from "../../ui/copy-button.tsx";
import { words } from "../../words/index.ts";

const say = words.people.admin;

export function KeyOnce(props: { token: string }): ReactElement {
  return (
    <div className="once">
      <CalmNote role="status" tone="accent" icon={IconKey} title={say.keyOnce}>
        <p>{say.keyOnceBody}</p>
        <p className="once-key mono">
          {props.token} <CopyButton text={props.token} label={words.frame.copyOf(say.keyName)} />
        </p>
      </CalmNote>
    </div>
  );
}

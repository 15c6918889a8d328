import { ActionIcon, Tooltip } from "@mantine/core";
import type { Icon } from "@tabler/icons-react";
import { useState, type ReactElement, type ReactNode } from "react";
import { copyText } from "../../../ui/copy-text.ts";
import { words } from "../../../words/index.ts";
import { linkTo } from "./moment-link.ts";
import { usePlayer } from "./use-player.ts";

interface Copy {
  readonly said: string | null;
  readonly copy: () => void;
}

/** A link that opens this item at this very moment, with the range that is chosen. */
function useCopyMoment(): Copy {
  const player = usePlayer();
  const [said, setSaid] = useState<string | null>(null);
  const copy = async (): Promise<void> => {
    const done = await copyText(linkTo(location.href, player.state()));
    setSaid(done ? words.frame.copied : words.frame.copyRefused);
    setTimeout(() => setSaid(null), 2000);
  };
  return { said, copy: () => void copy() };
}

function Said(props: { copy: Copy; children: ReactElement }): ReactElement {
  const { said } = props.copy;
  return (
    <Tooltip
      label={said ?? words.evidence.transport.copyMoment}
      {...(said === null ? {} : { opened: true })}
      openDelay={400}
    >
      {props.children}
    </Tooltip>
  );
}

export function CopyMoment(props: { icon: Icon }): ReactElement {
  const copy = useCopyMoment();
  return (
    <Said copy={copy}>
      <ActionIcon
        className="stage-key"
        variant="subtle"
        size={36}
        onClick={copy.copy}
        aria-label={words.evidence.transport.copyMoment}
      >
        <props.icon size={19} aria-hidden="true" />
        <span className="sr-only" role="status">
          {copy.said ?? ""}
        </span>
      </ActionIcon>
    </Said>
  );
}

/** The time itself, pressed. */
export function TimeLink(props: { children: ReactNode }): ReactElement {
  const copy = useCopyMoment();
  return (
    <Said copy={copy}>
      <button type="button" className="transport-link" onClick={copy.copy}>
        {props.children}
        <span className="sr-only">{copy.said ?? words.evidence.transport.copyMoment}</span>
      </button>
    </Said>
  );
}

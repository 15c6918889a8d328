import { ActionIcon, Tooltip } from "@mantine/core";
import type { Icon } from "@tabler/icons-react";
import { useState, type ReactElement } from "react";
import { copyText } from "../../../ui/copy-text.ts";
import { words } from "../../../words/index.ts";
import { usePlayer } from "./use-player.ts";

/** A link that opens this item at this very moment. */
export function CopyMoment(props: { icon: Icon }): ReactElement {
  const player = usePlayer();
  const [said, setSaid] = useState<string | null>(null);
  const copy = (): void => {
    const link = new URL(location.href);
    link.search = `?t=${player.state().time.toFixed(3)}`;
    const said = async (): Promise<void> => {
      setSaid((await copyText(link.href)) ? words.frame.copied : words.frame.copyRefused);
      setTimeout(() => setSaid(null), 2000);
    };
    void said();
  };
  return (
    <Tooltip
      label={said ?? words.evidence.transport.copyMoment}
      {...(said === null ? {} : { opened: true })}
      openDelay={400}
    >
      <ActionIcon
        className="stage-key"
        variant="subtle"
        size={36}
        onClick={copy}
        aria-label={words.evidence.transport.copyMoment}
      >
        <props.icon size={19} aria-hidden="true" />
        <span className="sr-only" role="status">
          {said ?? ""}
        </span>
      </ActionIcon>
    </Tooltip>
  );
}

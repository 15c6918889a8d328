import { ActionIcon, Tooltip } from "@mantine/core";
import { IconCheck, IconCopy } from "@tabler/icons-react";
import { useEffect, useState, type ReactElement } from "react";
import { copyText } from "./copy-text.ts";
import { words } from "../words/index.ts";

/** Copies a text and says so; the answer is read out too. */
export function CopyButton(props: { text: string; label: string }): ReactElement {
  const [state, setState] = useState<"idle" | "copied" | "refused">("idle");
  useEffect(() => {
    if (state === "idle") return undefined;
    const timer = setTimeout(() => setState("idle"), 2000);
    return () => clearTimeout(timer);
  }, [state]);
  const copy = (): void => {
    void copyText(props.text).then((done) => setState(done ? "copied" : "refused"));
  };
  const said = state === "idle" ? props.label : state === "copied" ? words.frame.copied : words.frame.copyRefused;
  return (
    <Tooltip label={said} {...(state === "idle" ? {} : { opened: true })} openDelay={300}>
      <ActionIcon
        variant="subtle"
        size={24}
        color="gray"
        className="icon-quiet"
        onClick={copy}
        aria-label={props.label}
      >
        {state === "copied" ? <IconCheck size={14} aria-hidden="true" /> : <IconCopy size={14} aria-hidden="true" />}
        <span className="sr-only" role="status">
          {state === "idle" ? "" : said}
        </span>
      </ActionIcon>
    </Tooltip>
  );
}

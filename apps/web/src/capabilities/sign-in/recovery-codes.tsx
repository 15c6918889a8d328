import { Button } from "@mantine/core";
import { IconDownload, IconPrinter } from "@tabler/icons-react";
import type { ReactElement } from "react";
import { CopyButton } from "../../ui/copy-button.tsx";
import { words } from "../../words/index.ts";

/** Shown once: to be printed, downloaded or copied before anything goes on. */
export function RecoveryCodes(props: { codes: readonly string[]; onKept: () => void }): ReactElement {
  const say = words.people.factors;
  const text = props.codes.join("\n");
  const download = (): void => {
    const url = URL.createObjectURL(new Blob([`${text}\n`], { type: "text/plain" }));
    const link = document.createElement("a");
    link.href = url;
    link.download = say.file;
    link.click();
    URL.revokeObjectURL(url);
  };
  return (
    <div className="factor-step" role="group" aria-labelledby="recovery-codes-title">
      <h3 id="recovery-codes-title">{say.codesTitle}</h3>
      <p className="soft">{say.codesLead}</p>
      <ul className="factor-codes mono">
        {props.codes.map((code) => (
          <li key={code}>{code}</li>
        ))}
      </ul>
      <div className="factor-acts">
        <Button size="compact-md" variant="default" leftSection={<IconDownload size={16} />} onClick={download}>
          {say.download}
        </Button>
        <Button
          size="compact-md"
          variant="default"
          leftSection={<IconPrinter size={16} />}
          onClick={() => window.print()}
        >
          {say.print}
        </Button>
        <CopyButton text={text} label={say.copyCodes} />
      </div>
      <Button onClick={props.onKept}>{say.kept}</Button>
    </div>
  );
}

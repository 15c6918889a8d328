import { Button, TextInput, useMantineColorScheme } from "@mantine/core";
import { IconCircleCheck } from "@tabler/icons-react";
import { useEffect, useState, type ReactElement } from "react";
import { CalmNote } from "../../ui/calm-note.tsx";
import { CloseButton } from "../../ui/close-button.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { FormDialog } from "../../ui/form-dialog.tsx";
import { formatBytes } from "../../ui/format/bytes.ts";
import { formatDuration } from "../../ui/format/duration.ts";
import { HashValue } from "../../ui/hash-value.tsx";
import { ProgressBar } from "../../ui/progress-bar.tsx";
import { SelectField } from "../../ui/select-field.tsx";
import { StateMark } from "../../ui/state-mark.tsx";
import { NoticeDock, type Done } from "../../ui/undo-notice.tsx";
import { words } from "../../words/index.ts";
import { glyphs, ground, sizes, stage, states } from "./tokens-shown.ts";
import "../../ui/pills.css";
import "./design-page.css";

const say = words.design;
const hash = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";

/** Every part of the screens in one place: for whoever builds one, and for whoever judges them. */
export function DesignPage(): ReactElement {
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  useEffect(() => {
    document.title = `${say.title} · ${words.frame.product}`;
  }, []);
  return (
    <div className="page design">
      <h1>{say.title}</h1>
      <p className="soft design-lead">{say.lead}</p>
      <div className="design-row" role="group" aria-label={say.theme}>
        {(["light", "dark", "auto"] as const).map((scheme) => (
          <Button
            key={scheme}
            variant={colorScheme === scheme ? "filled" : "default"}
            aria-pressed={colorScheme === scheme}
            onClick={() => setColorScheme(scheme)}
          >
            {say[scheme]}
          </Button>
        ))}
      </div>
      <h2>{say.colours}</h2>
      <p className="soft">{say.coloursLead}</p>
      <h3>{say.ground}</h3>
      <Swatches names={ground} />
      <h3>{say.states}</h3>
      <ul className="design-states">
        {states.map(([tone, Glyph]) => (
          <li key={tone}>
            <StateMark tone={tone} icon={Glyph}>
              {say.stateNames[tone]}
            </StateMark>
            <StateMark tone={tone} icon={Glyph} boxed>
              {say.stateNames[tone]}
            </StateMark>
          </li>
        ))}
      </ul>
      <h3>{say.stage}</h3>
      <p className="soft">{say.stageLead}</p>
      <div className="design-stage">
        <Swatches names={stage} />
        <CalmNote icon={IconCircleCheck} title={say.note} onStage>
          {say.noteBody}
        </CalmNote>
      </div>
      <h2>{say.type}</h2>
      <p className="soft">{say.typeLead}</p>
      {sizes.map((size) => (
        <p key={size} className="design-size" style={{ fontSize: `var(--t${size})` }}>
          <span className="mono quiet">{size}</span> {say.sample} <span className="mono">00:03:12.480</span>
        </p>
      ))}
      <h2>{say.parts}</h2>
      <Parts />
      <h2>{say.icons}</h2>
      <p className="design-icons" aria-hidden="true">
        {glyphs.map((Glyph, n) => (
          <Glyph key={n} size={20} stroke={1.7} />
        ))}
      </p>
      <h2>{say.numbers}</h2>
      <p className="nums">
        {formatDuration(8_076_000)} · {formatBytes(6_100_000_000)} · {words.evidence.facts.uncertainty(400)}
      </p>
    </div>
  );
}

function Swatches(props: { names: readonly string[] }): ReactElement {
  return (
    <ul className="design-swatches">
      {props.names.map((name) => (
        <li key={name}>
          <span className="design-swatch" style={{ background: `var(--${name})` }} />
          <code className="mono small">{name}</code>
        </li>
      ))}
    </ul>
  );
}

function Parts(): ReactElement {
  const [open, setOpen] = useState<"dialog" | "form" | null>(null);
  const [done, setDone] = useState<Done | null>(null);
  return (
    <div className="design-parts">
      <div className="design-row" role="group" aria-label={say.buttons}>
        <Button>{say.does}</Button>
        <Button variant="default">{say.alsoDoes}</Button>
        <Button disabled>{say.notNow}</Button>
        <Button variant="default" loading>
          {say.waits}
        </Button>
        <Button variant="default" onClick={() => setOpen("dialog")}>
          {say.openDialog}
        </Button>
        <Button variant="default" onClick={() => setOpen("form")}>
          {say.openForm}
        </Button>
        <Button
          variant="default"
          onClick={() => setDone({ text: say.noticeText, undo: () => Promise.resolve(undefined) })}
        >
          {say.notice}
        </Button>
      </div>
      <TextInput label={say.field} description={say.fieldHint} />
      <SelectField
        label={say.choice}
        name="choice"
        choices={say.choices.map((name, n) => ({ value: String(n), name }))}
      />
      <p>
        {say.copyOf}: <HashValue hash={hash} name="SHA-256" />
      </p>
      <ProgressBar done={62} total={100} label={say.progress} />
      <CalmNote icon={IconCircleCheck} title={say.note}>
        {say.noteBody}
      </CalmNote>
      <CalmNote icon={states[6][1]} title={say.alert} tone="problem">
        {say.alertBody}
      </CalmNote>
      <div className="pills">
        <span className="pill">{say.pill}</span>
        <CloseButton name={say.removePill} onClick={() => setDone({ text: say.noticeText })} />
      </div>
      <Dialog open={open === "dialog"} onClose={() => setOpen(null)} title={say.dialog}>
        <p>{say.dialogBody}</p>
      </Dialog>
      <FormDialog
        open={open === "form"}
        onClose={() => setOpen(null)}
        title={say.form}
        lead={say.formLead}
        submit={say.submit}
        onSubmit={() => {
          setDone({ text: say.noticeText });
          return Promise.resolve();
        }}
      >
        {() => <TextInput name="field" label={say.field} />}
      </FormDialog>
      <NoticeDock done={done} onDone={setDone} />
    </div>
  );
}

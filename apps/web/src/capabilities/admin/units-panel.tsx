import { TextInput } from "@mantine/core";
import type { Unit } from "@sworn/contract";
import { useQuery } from "@tanstack/react-query";
import { useState, type ReactElement } from "react";
import { refreshOrganisation, unitsQuery } from "../../app/organisation-queries.ts";
import { reasonOf, sworn } from "../../app/server.ts";
import { FormDialog } from "../../ui/form-dialog.tsx";
import { textOf } from "../../ui/form-field.ts";
import { SelectField } from "../../ui/select-field.tsx";
import { words } from "../../words/index.ts";
import { AddForm } from "./add-form.tsx";
import { Panel } from "./panel.tsx";
import { RowMenu } from "./row-menu.tsx";
import { inTreeOrder, type Placed, possibleParents } from "./unit-tree.ts";

const say = words.admin.units;

interface Step {
  readonly kind: "below" | "rename" | "move" | "archive" | "again";
  readonly unit: Unit;
}

/** The tree of units; each line can grow, move and rest. */
export function UnitsPanel(): ReactElement {
  const query = useQuery(unitsQuery);
  const [step, setStep] = useState<Step | null>(null);
  const units = query.data ?? [];
  const inUse = units.filter(({ archivedAt }) => archivedAt === null);
  const add = async (name: string, parentId: string): Promise<void> => {
    await sworn.retention.createUnit({ name, parentId: parentId === "" ? null : parentId });
    await refreshOrganisation();
  };
  const stepsOf = (unit: Unit): [string, () => void][] => [
    ...(unit.archivedAt === null
      ? [[say.addBelow, () => setStep({ kind: "below", unit })] as [string, () => void]]
      : []),
    [say.rename, () => setStep({ kind: "rename", unit })],
    [say.move, () => setStep({ kind: "move", unit })],
    unit.archivedAt === null
      ? [words.admin.archive, () => setStep({ kind: "archive", unit })]
      : [words.admin.useAgain, () => setStep({ kind: "again", unit })],
  ];
  return (
    <Panel id="units" title={say.title}>
      <p className="soft column">{query.isSuccess && units.length === 0 ? say.empty : say.why}</p>
      {query.isError ? <p className="quiet">{reasonOf(query.error)}</p> : null}
      {units.length === 0 ? null : (
        <ul className="tree">
          {inTreeOrder(units).map(({ unit, depth }) => (
            <li key={unit.id} className="tree-line" style={{ "--depth": String(depth) }}>
              <span className="tree-name">
                {depth === 0 ? null : (
                  <span className="sr-only">{`${say.below} ${nameOf(units, unit.parentId)}: `}</span>
                )}
                {unit.name}
              </span>
              <span className="small quiet">
                {unit.archivedAt === null ? say.people(unit.people) : words.admin.archived}
              </span>
              <RowMenu name={unit.name} steps={stepsOf(unit)} />
            </li>
          ))}
        </ul>
      )}
      <AddForm title={say.add} onAdd={(form) => add(textOf(form, "name"), textOf(form, "parent"))}>
        <TextInput name="name" label={words.people.admin.name} required maxLength={100} autoComplete="off" />
        {inUse.length === 0 ? null : (
          <SelectField name="parent" label={say.below} choices={parentChoices(inTreeOrder(inUse))} />
        )}
      </AddForm>
      <UnitDialogs step={step} units={units} onAdd={add} onClose={() => setStep(null)} />
    </Panel>
  );
}

function UnitDialogs(props: {
  step: Step | null;
  units: readonly Unit[];
  onAdd: (name: string, parentId: string) => Promise<void>;
  onClose: () => void;
}): ReactElement {
  const { step, units, onClose } = props;
  const unit = step?.unit;
  const name = unit?.name ?? "";
  const send = async (change: Parameters<typeof sworn.retention.changeUnit>[1]): Promise<void> => {
    if (unit === undefined) return;
    await sworn.retention.changeUnit(unit.id, change);
    await refreshOrganisation();
  };
  const nameField = (problem: string | null, value = ""): ReactElement => (
    <TextInput
      name="name"
      label={words.people.admin.name}
      error={problem}
      defaultValue={value}
      required
      maxLength={100}
      autoComplete="off"
      data-autofocus
    />
  );
  return (
    <>
      <FormDialog
        open={step?.kind === "below"}
        onClose={onClose}
        title={say.addBelowTitle(name)}
        submit={say.add}
        onSubmit={(form) => props.onAdd(textOf(form, "name"), unit?.id ?? "")}
      >
        {(problem) => nameField(problem)}
      </FormDialog>
      <FormDialog
        open={step?.kind === "rename"}
        onClose={onClose}
        title={say.renameTitle(name)}
        submit={words.admin.save}
        onSubmit={(form) => send({ name: textOf(form, "name") })}
      >
        {(problem) => nameField(problem, name)}
      </FormDialog>
      <FormDialog
        open={step?.kind === "move"}
        onClose={onClose}
        title={say.moveTitle(name)}
        lead={say.moveLead}
        submit={say.moveSubmit}
        onSubmit={(form) => send({ parentId: textOf(form, "parent") === "" ? null : textOf(form, "parent") })}
      >
        {(problem) => (
          <>
            <SelectField
              name="parent"
              label={say.below}
              defaultValue={unit?.parentId ?? ""}
              choices={parentChoices(possibleParents(units, unit?.id ?? ""))}
            />
            {problem === null ? null : (
              <p role="alert" className="dialog-problem">
                {problem}
              </p>
            )}
          </>
        )}
      </FormDialog>
      {(["archive", "again"] as const).map((kind) => (
        <FormDialog
          key={kind}
          open={step?.kind === kind}
          onClose={onClose}
          title={say[`${kind}Title`](name)}
          lead={say[`${kind}Lead`]}
          submit={say[`${kind}Submit`]}
          onSubmit={() => send({ archived: kind === "archive" })}
        />
      ))}
    </>
  );
}

const nameOf = (units: readonly Unit[], id: string | null): string => units.find((unit) => unit.id === id)?.name ?? "";

const parentChoices = (placed: readonly Placed[]): { value: string; name: string }[] => [
  { value: "", name: say.top },
  ...placed.map(({ unit, depth }) => ({ value: unit.id, name: `${"\u2003".repeat(depth)}${unit.name}` })),
];

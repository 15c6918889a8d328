import { Button, TextInput } from "@mantine/core";
import type { RestrictedClass } from "@sworn/contract";
import { IconLock, IconPlus, IconX } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState, type ReactElement } from "react";
import { classesQuery, refreshOrganisation } from "../../app/organisation-queries.ts";
import { reasonOf, sworn } from "../../app/server.ts";
import { textOf } from "../../ui/form-field.ts";
import { words } from "../../words/index.ts";
import { AddForm } from "./add-form.tsx";
import { ClassDialogs, type ClassStep } from "./class-dialogs.tsx";
import { Panel } from "./panel.tsx";
import { RowMenu } from "./row-menu.tsx";

const say = words.admin.classes;

/** What only a few may see: whom to ask, and who the few are. */
export function ClassesPanel(): ReactElement {
  const query = useQuery(classesQuery);
  const [step, setStep] = useState<ClassStep | null>(null);
  const classes = query.data ?? [];
  const add = async (form: FormData): Promise<void> => {
    await sworn.retention.createRestrictedClass({ name: textOf(form, "name"), contact: textOf(form, "contact") });
    await refreshOrganisation();
  };
  return (
    <Panel id="classes" title={say.title}>
      <p className="soft column">{query.isSuccess && classes.length === 0 ? say.empty : say.why}</p>
      {query.isError ? <p className="quiet">{reasonOf(query.error)}</p> : null}
      {classes.length === 0 ? null : (
        <ul className="classes">
          {classes.map((of) => (
            <ClassLine key={of.id} of={of} onStep={setStep} />
          ))}
        </ul>
      )}
      <AddForm title={say.add} onAdd={add}>
        <TextInput name="name" label={words.people.admin.name} required maxLength={100} autoComplete="off" />
        <TextInput
          name="contact"
          label={say.contact}
          description={say.contactHint}
          maxLength={200}
          autoComplete="off"
        />
      </AddForm>
      <ClassDialogs step={step} onClose={() => setStep(null)} />
    </Panel>
  );
}

function ClassLine(props: { of: RestrictedClass; onStep: (step: ClassStep) => void }): ReactElement {
  const { of, onStep } = props;
  return (
    <li className="class-line">
      <div className="class-head">
        <IconLock size={16} aria-hidden="true" />
        <span className="tree-name">{of.name}</span>
        <span className="small soft">
          {of.archivedAt === null
            ? `${say.contact}: ${of.contact === "" ? say.noContact : of.contact}`
            : words.admin.archived}
        </span>
        <RowMenu
          name={of.name}
          steps={[
            [say.edit, () => onStep({ kind: "edit", of })],
            of.archivedAt === null
              ? [words.admin.archive, () => onStep({ kind: "archive", of })]
              : [words.admin.useAgain, () => onStep({ kind: "again", of })],
          ]}
        />
      </div>
      <ul className="pills" aria-label={say.membersOf(of.name)}>
        {of.members.length === 0 ? <li className="quiet">{say.noMembers}</li> : null}
        {of.members.map((member) => (
          <li key={member.id} className="pill">
            <span>{member.name}</span>
            <button
              type="button"
              className="pill-remove"
              aria-label={say.remove(member.name, of.name)}
              onClick={() => onStep({ kind: "remove", of, member })}
            >
              <IconX size={14} aria-hidden="true" />
            </button>
          </li>
        ))}
        <li>
          <Button
            size="compact-xs"
            variant="default"
            leftSection={<IconPlus size={12} aria-hidden="true" />}
            onClick={() => onStep({ kind: "add", of })}
          >
            {say.addMember}
          </Button>
        </li>
      </ul>
    </li>
  );
}

import { TextInput } from "@mantine/core";
import type { RestrictedClass } from "@sworn/contract";
import { useQuery } from "@tanstack/react-query";
import type { ReactElement } from "react";
import { useMay } from "../../app/me.ts";
import { peopleQuery, refreshOrganisation } from "../../app/organisation-queries.ts";
import { sworn } from "../../app/server.ts";
import { FormDialog } from "../../ui/form-dialog.tsx";
import { textOf } from "../../ui/form-field.ts";
import { SelectField } from "../../ui/select-field.tsx";
import { words } from "../../words/index.ts";

const say = words.admin.classes;

export type ClassStep =
  | { readonly kind: "edit" | "archive" | "again" | "add"; readonly of: RestrictedClass }
  | { readonly kind: "remove"; readonly of: RestrictedClass; readonly member: { id: string; name: string } };

/** One question about a restricted class at a time. */
export function ClassDialogs(props: { step: ClassStep | null; onClose: () => void }): ReactElement {
  const { step, onClose } = props;
  const people = useQuery({ ...peopleQuery, enabled: useMay()("person.manage") && step?.kind === "add" });
  const of = step?.of;
  const [id, name] = [of?.id ?? "", of?.name ?? ""];
  const member = step?.kind === "remove" ? step.member : undefined;
  const then = async (work: Promise<unknown>): Promise<void> => {
    await work;
    await refreshOrganisation();
  };
  const free = (people.data ?? []).filter(
    (person) => person.disabledAt === null && (of?.members ?? []).every((each) => each.id !== person.id),
  );
  return (
    <>
      <FormDialog
        open={step?.kind === "edit"}
        onClose={onClose}
        title={say.editTitle(name)}
        submit={words.admin.save}
        onSubmit={(form) =>
          then(
            sworn.organisation.changeRestrictedClass(id, {
              name: textOf(form, "name"),
              contact: textOf(form, "contact"),
            }),
          )
        }
      >
        {(problem) => (
          <>
            <TextInput
              name="name"
              label={words.people.admin.name}
              error={problem}
              defaultValue={name}
              required
              maxLength={100}
              autoComplete="off"
            />
            <TextInput
              name="contact"
              label={say.contact}
              description={say.contactHint}
              defaultValue={of?.contact ?? ""}
              maxLength={200}
              autoComplete="off"
            />
          </>
        )}
      </FormDialog>
      <FormDialog
        open={step?.kind === "add"}
        onClose={onClose}
        title={say.addMemberTitle(name)}
        lead={free.length > 0 ? say.addMemberLead : people.isSuccess ? say.noPeople : words.frame.loading}
        nothing={free.length === 0}
        submit={say.addMemberSubmit}
        onSubmit={(form) => then(sworn.retention.addMember(id, textOf(form, "person")))}
      >
        {() => (
          <SelectField
            name="person"
            label={say.person}
            choices={free.map((person) => ({ value: person.id, name: person.name }))}
          />
        )}
      </FormDialog>
      <FormDialog
        open={step?.kind === "remove"}
        onClose={onClose}
        title={say.removeTitle(member?.name ?? "")}
        lead={say.removeLead(name)}
        submit={say.removeSubmit}
        onSubmit={() => then(sworn.retention.removeMember(id, member?.id ?? ""))}
      />
      {(["archive", "again"] as const).map((kind) => (
        <FormDialog
          key={kind}
          open={step?.kind === kind}
          onClose={onClose}
          title={say[`${kind}Title`](name)}
          lead={say[`${kind}Lead`]}
          submit={say[`${kind}Submit`]}
          onSubmit={() => then(sworn.organisation.changeRestrictedClass(id, { archived: kind === "archive" }))}
        />
      ))}
    </>
  );
}

import { Button, TextInput } from "@mantine/core";
import type { Category, RestrictedClass } from "@sworn/contract";
import { useQuery } from "@tanstack/react-query";
import { useState, type ReactElement } from "react";
import { useMay } from "../../app/me.ts";
import { categoriesQuery, classesQuery, refreshOrganisation } from "../../app/organisation-queries.ts";
import { reasonOf, sworn } from "../../app/server.ts";
import { FormDialog } from "../../ui/form-dialog.tsx";
import { textOf } from "../../ui/form-field.ts";
import { SelectField } from "../../ui/select-field.tsx";
import { words } from "../../words/index.ts";
import { AddForm } from "./add-form.tsx";
import { Panel, Rows } from "./panel.tsx";
import { PeriodField, periodOf } from "./period-field.tsx";
import { RowMenu } from "./row-menu.tsx";

const say = words.admin.categories;

type Step = { readonly kind: "uncategorised" } | { readonly kind: "edit" | "archive" | "again"; readonly of: Category };

/** What items can be, how long each is kept, and what holds while nobody has said what an item is. */
export function CategoriesPanel(): ReactElement {
  const query = useQuery(categoriesQuery);
  const classes = useQuery({ ...classesQuery, enabled: useMay()("class.list") }).data ?? [];
  const [step, setStep] = useState<Step | null>(null);
  const items = query.data?.items ?? [];
  const category = step === null || step.kind === "uncategorised" ? undefined : step.of;
  const name = category?.name ?? "";
  const close = (): void => setStep(null);
  const send = async (change: Parameters<typeof sworn.retention.changeCategory>[1]): Promise<void> => {
    if (category === undefined) return;
    await sworn.retention.changeCategory(category.id, change);
    await refreshOrganisation();
  };
  const className = (id: string | null): string => classes.find((each) => each.id === id)?.name ?? say.notRestricted;
  const stepsOf = (of: Category): [string, () => void][] => [
    [`${words.admin.changeShort}…`, () => setStep({ kind: "edit", of })],
    of.archivedAt === null
      ? [words.admin.archive, () => setStep({ kind: "archive", of })]
      : [words.admin.useAgain, () => setStep({ kind: "again", of })],
  ];
  return (
    <Panel id="categories" title={say.title}>
      <p className="soft column">{query.isSuccess && items.length === 0 ? say.empty : say.why}</p>
      {query.isError ? <p className="quiet">{reasonOf(query.error)}</p> : null}
      {query.data === undefined ? null : (
        <Rows
          label={say.title}
          acts
          columns={[say.name, say.keep, say.class, words.admin.changeShort]}
          rows={[
            ...items.map(
              (each) =>
                [
                  each.id,
                  [
                    each.name,
                    `${say.inWords(each.keep)}${each.archivedAt === null ? "" : `, ${words.admin.archived}`}`,
                    className(each.restrictedClassId),
                    <RowMenu key={each.id} name={each.name} steps={stepsOf(each)} />,
                  ],
                ] as const,
            ),
            [
              "uncategorised",
              [
                <em key="name">{say.uncategorised}</em>,
                say.inWords(query.data.uncategorised),
                "",
                <Button
                  key="change"
                  size="compact-xs"
                  variant="default"
                  aria-label={words.admin.change(say.uncategorised)}
                  onClick={() => setStep({ kind: "uncategorised" })}
                >
                  {words.admin.changeShort}
                </Button>,
              ],
            ],
          ]}
        />
      )}
      <AddForm
        title={say.add}
        onAdd={async (form) => {
          await sworn.retention.createCategory(fieldsOf(form));
          await refreshOrganisation();
        }}
      >
        <CategoryFields classes={classes} problem={null} />
      </AddForm>
      <FormDialog
        open={step?.kind === "edit"}
        onClose={close}
        title={say.editTitle(name)}
        lead={say.editLead}
        submit={words.admin.save}
        onSubmit={(form) => send(fieldsOf(form))}
      >
        {(problem) => (
          <CategoryFields classes={classes} problem={problem} {...(category === undefined ? {} : { category })} />
        )}
      </FormDialog>
      <FormDialog
        open={step?.kind === "uncategorised"}
        onClose={close}
        title={say.uncategorisedTitle}
        lead={say.uncategorisedLead}
        submit={words.admin.save}
        onSubmit={async (form) => {
          await sworn.retention.changeUncategorised(periodOf(form));
          await refreshOrganisation();
        }}
      >
        {() => <PeriodField keep={query.data?.uncategorised ?? "indefinite"} />}
      </FormDialog>
      {(["archive", "again"] as const).map((kind) => (
        <FormDialog
          key={kind}
          open={step?.kind === kind}
          onClose={close}
          title={say[`${kind}Title`](name)}
          lead={say[`${kind}Lead`]}
          submit={say[`${kind}Submit`]}
          onSubmit={() => send({ archived: kind === "archive" })}
        />
      ))}
    </Panel>
  );
}

function CategoryFields(props: {
  classes: readonly RestrictedClass[];
  problem: string | null;
  category?: Category;
}): ReactElement {
  const { category } = props;
  const current = category?.restrictedClassId ?? "";
  const choices = props.classes.filter(({ id, archivedAt }) => archivedAt === null || id === current);
  return (
    <>
      <TextInput
        name="name"
        label={say.name}
        error={props.problem}
        defaultValue={category?.name ?? ""}
        required
        maxLength={100}
        autoComplete="off"
      />
      <PeriodField keep={category?.keep ?? { count: 90, unit: "day" }} />
      {choices.length === 0 ? null : (
        <SelectField
          name="class"
          label={say.class}
          defaultValue={current}
          choices={[{ value: "", name: say.noClass }, ...choices.map(({ id, name }) => ({ value: id, name }))]}
        />
      )}
    </>
  );
}

function fieldsOf(form: FormData): Parameters<typeof sworn.retention.createCategory>[0] {
  const restricted = textOf(form, "class");
  const fields = { name: textOf(form, "name"), keep: periodOf(form) };
  return form.has("class") ? { ...fields, restrictedClassId: restricted === "" ? null : restricted } : fields;
}

import { Button, Menu } from "@mantine/core";
import type { Category, Evidence } from "@sworn/contract";
import { IconPlus, IconTag, IconX } from "@tabler/icons-react";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useState, type ReactElement } from "react";
import { useMay } from "../../../app/me.ts";
import { categoriesQuery } from "../../../app/organisation-queries.ts";
import { queries, reasonOf, sworn } from "../../../app/server.ts";
import { FormDialog } from "../../../ui/form-dialog.tsx";
import { words } from "../../../words/index.ts";
import { evidenceQuery } from "../evidence-query.ts";
import { refreshItem, showAtOnce } from "./keeping-query.ts";

const say = words.evidence.keeping;

interface Change {
  readonly category: { readonly id: string; readonly name: string };
  readonly to: "added" | "removed";
  /** The change that this one takes back: then there is nothing to offer any more. */
  readonly undo?: boolean;
}

/** Chips of what the item is. A change shows at once, is taken back where the server refuses, and can be undone. */
export function CategoryChips(props: { evidence: Evidence }): ReactElement {
  const { id, categories } = props.evidence;
  const mayChange = useMay()("evidence.classify");
  const [restricting, setRestricting] = useState<Category | null>(null);
  const change = useMutation({
    mutationFn: ({ category, to }: Change) =>
      sworn.retention.classify({ ids: [id], [to === "added" ? "add" : "remove"]: [category.id] }),
    onMutate: ({ category, to }) =>
      showAtOnce(id, (evidence) => {
        const others = evidence.categories.filter((each) => each.id !== category.id);
        const after = to === "added" ? [...others, { id: category.id, name: category.name }] : others;
        return { ...evidence, categories: after.toSorted((a, b) => a.name.localeCompare(b.name)) };
      }),
    onError: (_, __, before) => queries.setQueryData(evidenceQuery(id).queryKey, before),
    onSettled: () => refreshItem(id),
  });
  const last = change.variables;
  return (
    <div className="keeping-categories">
      <h3 className="sr-only">{say.categories}</h3>
      <ul className="pills" aria-label={say.categories}>
        {categories.length === 0 ? <li className="quiet">{say.noCategory}</li> : null}
        {categories.map((category) => (
          <li key={category.id} className="pill">
            <IconTag size={14} aria-hidden="true" />
            <span>{category.name}</span>
            {mayChange ? (
              <button
                type="button"
                className="pill-remove"
                aria-label={say.remove(category.name)}
                onClick={() => change.mutate({ category, to: "removed" })}
              >
                <IconX size={14} aria-hidden="true" />
              </button>
            ) : null}
          </li>
        ))}
        {mayChange ? (
          <li>
            <AddCategory
              known={categories}
              onAdd={(category) =>
                category.restrictedClassId === null
                  ? change.mutate({ category, to: "added" })
                  : setRestricting(category)
              }
            />
          </li>
        ) : null}
      </ul>
      <p role="status" className="small soft keeping-undo">
        {last === undefined || !change.isSuccess || last.undo === true ? null : (
          <>
            <span>{say.changed(last.category.name, last.to)}</span>
            <Button
              size="compact-xs"
              variant="default"
              onClick={() =>
                change.mutate({
                  category: last.category,
                  to: last.to === "added" ? "removed" : "added",
                  undo: true,
                })
              }
            >
              {say.undo}
            </Button>
          </>
        )}
      </p>
      {change.isError ? (
        <p role="alert" className="keeping-problem">
          {reasonOf(change.error)}
        </p>
      ) : null}
      <FormDialog
        open={restricting !== null}
        onClose={() => setRestricting(null)}
        title={say.restricting.title(restricting?.name ?? "")}
        lead={say.restricting.lead}
        submit={say.restricting.submit}
        onSubmit={async () => {
          if (restricting !== null) await change.mutateAsync({ category: restricting, to: "added" });
        }}
      />
    </div>
  );
}

function AddCategory(props: {
  known: readonly { readonly id: string }[];
  onAdd: (category: Category) => void;
}): ReactElement {
  const query = useQuery(categoriesQuery);
  const mayManage = useMay()("category.manage");
  const open = (query.data?.items ?? []).filter(
    ({ id, archivedAt }) => archivedAt === null && props.known.every((each) => each.id !== id),
  );
  return (
    <Menu withInitialFocusPlaceholder={false} position="bottom-start" shadow="none" width={280}>
      <Menu.Target>
        <Button size="compact-sm" variant="default" leftSection={<IconPlus size={14} aria-hidden="true" />}>
          {say.addCategory}
        </Button>
      </Menu.Target>
      <Menu.Dropdown className="keeping-menu">
        {open.length === 0 ? (
          <Menu.Label>
            {query.isPending ? words.frame.loading : mayManage ? say.noCategoriesAdmin : say.noCategories}
          </Menu.Label>
        ) : null}
        {open.map((category) => (
          <Menu.Item
            key={category.id}
            rightSection={<span className="small quiet">{say.period(category.keep)}</span>}
            onClick={() => props.onAdd(category)}
          >
            {category.name}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

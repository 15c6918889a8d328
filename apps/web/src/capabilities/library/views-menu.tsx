import type { SavedView } from "@sworn/contract";
import { Menu, TextInput } from "@mantine/core";
import {
  IconBookmark,
  IconBookmarkPlus,
  IconCheck,
  IconDeviceFloppy,
  IconHome,
  IconPencil,
  IconTrash,
  IconUsers,
} from "@tabler/icons-react";
import { useState, type ReactElement } from "react";
import { useMay, useMe } from "../../app/me.ts";
import { reasonOf, sworn } from "../../app/server.ts";
import { FormDialog } from "../../ui/form-dialog.tsx";
import { textOf } from "../../ui/form-field.ts";
import { SelectField } from "../../ui/select-field.tsx";
import type { Done } from "../../ui/undo-notice.tsx";
import { words } from "../../words/index.ts";
import type { LibrarySearch } from "./search.ts";
import { addressOf, refreshViews, searchOf, type Views } from "./use-views.ts";

const say = words.library.views;
type Reach = SavedView["shared"];

/** Views that are kept: one's own and shared ones, and what can be done with the one that is shown. */
export function ViewsMenu(props: {
  search: LibrarySearch;
  views: Views;
  onGo: (search: LibrarySearch) => void;
  onDone: (done: Done) => void;
}): ReactElement | null {
  const { list, current, differs } = props.views;
  const [dialog, setDialog] = useState<"save" | "change" | null>(null);
  const person = useMe().person;
  if (person === null) return null;
  const [mine, shared] = [list.items.filter((view) => view.mine), list.items.filter((view) => !view.mine)];
  const doAndTell = async (work: Promise<string>, undo?: () => Promise<undefined>): Promise<void> => {
    try {
      const text = await work;
      await refreshViews();
      props.onDone({ text, ...(undo === undefined ? {} : { undo }) });
    } catch (error) {
      props.onDone({ text: reasonOf(error) });
    }
  };
  const tell = (work: Promise<string>, undo?: () => Promise<undefined>): void => void doAndTell(work, undo);
  const first = current !== undefined && list.defaultId === current.id;
  return (
    <>
      <Menu position="bottom-start" shadow="none" width={288}>
        <Menu.Target>
          <button type="button" className="bar-button">
            <IconBookmark size={16} aria-hidden="true" />
            <span className="views-name">{current === undefined ? say.title : say.shown(current.name, differs)}</span>
          </button>
        </Menu.Target>
        <Menu.Dropdown>
          <Choices title={say.mine} views={mine} current={current} onGo={props.onGo} />
          <Choices title={say.shared} views={shared} current={current} onGo={props.onGo} />
          {list.items.length === 0 ? <Menu.Label>{say.none}</Menu.Label> : <Menu.Divider />}
          <Menu.Item leftSection={<IconBookmarkPlus size={16} />} onClick={() => setDialog("save")}>
            {say.save}
          </Menu.Item>
          {current?.mine === true && differs ? (
            <Menu.Item
              leftSection={<IconDeviceFloppy size={16} />}
              onClick={() =>
                tell(
                  sworn.views
                    .change(current.id, { search: searchOf(props.search) })
                    .then(({ name }) => say.changed(name)),
                  async () => {
                    await sworn.views.change(current.id, { search: current.search });
                    await refreshViews();
                    return undefined;
                  },
                )
              }
            >
              {say.keepChanges}
            </Menu.Item>
          ) : null}
          {current === undefined ? null : (
            <Menu.Item
              leftSection={<IconHome size={16} />}
              onClick={() =>
                tell(
                  sworn.views
                    .chooseDefault(first ? null : current.id)
                    .then(() => (first ? say.noLongerFirst : say.isFirst(current.name))),
                )
              }
            >
              {first ? say.dropFirst : say.makeFirst}
            </Menu.Item>
          )}
          {current?.mine === true ? (
            <>
              <Menu.Item leftSection={<IconPencil size={16} />} onClick={() => setDialog("change")}>
                {say.change}
              </Menu.Item>
              <Menu.Item
                leftSection={<IconTrash size={16} />}
                onClick={() => {
                  tell(
                    sworn.views.change(current.id, { removed: true }).then(({ name }) => say.removed(name)),
                    async () => {
                      await sworn.views.change(current.id, { removed: false });
                      await refreshViews();
                      return undefined;
                    },
                  );
                  props.onGo(searchOf(props.search));
                }}
              >
                {say.remove}
              </Menu.Item>
            </>
          ) : null}
        </Menu.Dropdown>
      </Menu>
      <FormDialog
        open={dialog === "save"}
        onClose={() => setDialog(null)}
        title={say.saveTitle}
        lead={say.saveLead}
        submit={say.saveSubmit}
        onSubmit={async (form) => {
          const view = await sworn.views.save({
            name: textOf(form, "name").trim(),
            search: searchOf(props.search),
            shared: reachOf(form),
          });
          await refreshViews();
          props.onGo(addressOf(view));
        }}
      >
        {(nameProblem) => <Fields nameProblem={nameProblem} />}
      </FormDialog>
      <FormDialog
        open={dialog === "change" && current !== undefined}
        onClose={() => setDialog(null)}
        title={say.changeTitle(current?.name ?? "")}
        lead={say.saveLead}
        submit={say.changeSubmit}
        onSubmit={async (form) => {
          if (current === undefined) return;
          await sworn.views.change(current.id, { name: textOf(form, "name").trim(), shared: reachOf(form) });
          await refreshViews();
        }}
      >
        {(nameProblem) => <Fields nameProblem={nameProblem} of={current} />}
      </FormDialog>
    </>
  );
}

const reaches: readonly Reach[] = ["me", "unit", "agency"];
const reachOf = (form: FormData): Reach => reaches.find((reach) => reach === textOf(form, "shared")) ?? "me";

function Fields(props: { nameProblem: string | null; of?: SavedView | undefined }): ReactElement {
  const mayShare = useMay()("view.share");
  return (
    <>
      <TextInput
        name="name"
        label={say.name}
        required
        maxLength={80}
        defaultValue={props.of?.name ?? ""}
        error={props.nameProblem}
      />
      {mayShare ? (
        <SelectField
          name="shared"
          label={say.sharedWith}
          hint={say.sharedHint}
          defaultValue={props.of?.shared ?? "me"}
          choices={reaches.map((value) => ({ value, name: say.reaches[value] }))}
        />
      ) : null}
    </>
  );
}

function Choices(props: {
  title: string;
  views: readonly SavedView[];
  current: SavedView | undefined;
  onGo: (search: LibrarySearch) => void;
}): ReactElement | null {
  if (props.views.length === 0) return null;
  return (
    <>
      <Menu.Label>{props.title}</Menu.Label>
      {props.views.map((view) => (
        <Menu.Item
          key={view.id}
          leftSection={view.shared === "me" ? <IconBookmark size={16} /> : <IconUsers size={16} />}
          rightSection={view.id === props.current?.id ? <IconCheck size={14} /> : null}
          onClick={() => props.onGo(addressOf(view))}
        >
          {view.name}
          {view.mine ? null : <span className="small quiet"> · {view.owner.name}</span>}
        </Menu.Item>
      ))}
    </>
  );
}

import { Button, TextInput } from "@mantine/core";
import { type Invitation, PersonRole, roles } from "@sworn/contract";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useState, type ReactElement } from "react";
import { useMoments } from "../../app/me.ts";
import { unitsQuery } from "../../app/organisation-queries.ts";
import { queries, reasonOf, sworn } from "../../app/server.ts";
import { FormDialog } from "../../ui/form-dialog.tsx";
import { textOf } from "../../ui/form-field.ts";
import { SelectField } from "../../ui/select-field.tsx";
import { words } from "../../words/index.ts";
import { AddForm } from "./add-form.tsx";
import { LinkOnce } from "./link-once.tsx";
import { Panel, Rows } from "./panel.tsx";
import { RoleBoxes } from "./person-dialogs.tsx";
import { RowMenu } from "./row-menu.tsx";
import { inTreeOrder } from "./unit-tree.ts";

const say = words.admin.invitations;

interface Handed {
  readonly name: string;
  readonly url: string;
}

/** Who was invited and has not come yet; each link is shown once, to be handed over. */
export function InvitationsPanel(): ReactElement {
  const moments = useMoments();
  const units = useQuery(unitsQuery);
  const [handed, setHanded] = useState<Handed | null>(null);
  const [leaving, setLeaving] = useState<Invitation | null>(null);
  const [renewing, setRenewing] = useState<Invitation | null>(null);
  const query = useInfiniteQuery({
    queryKey: ["invitations"],
    queryFn: ({ pageParam, signal }) => sworn.people.invitations(pageParam, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next ?? undefined,
  });
  const refresh = (): Promise<void> => queries.invalidateQueries({ queryKey: ["invitations"] });
  const items = query.data?.pages.flatMap((page) => page.items) ?? [];
  const add = async (form: FormData): Promise<void> => {
    const chosen = PersonRole.array().parse(form.getAll("roles"));
    if (chosen.length === 0) throw new Error(words.admin.people.noRole);
    const unitId = textOf(form, "unit");
    const { invitation, url } = await sworn.people.invite({
      name: textOf(form, "name"),
      email: textOf(form, "email"),
      roles: chosen,
      unitId: unitId === "" ? null : unitId,
    });
    setHanded({ name: invitation.name, url });
    await refresh();
  };
  const renew = async (): Promise<void> => {
    if (renewing === null) return;
    const { invitation, url } = await sworn.people.renewInvitation(renewing.id);
    setHanded({ name: invitation.name, url });
    await refresh();
  };
  const withdraw = async (): Promise<void> => {
    if (leaving === null) return;
    await sworn.people.withdrawInvitation(leaving.id);
    setHanded(null);
    await refresh();
  };
  return (
    <Panel id="invitations" title={say.title}>
      {query.isError ? <p className="quiet">{reasonOf(query.error)}</p> : null}
      {query.isSuccess && items.length === 0 ? <p className="quiet">{say.empty}</p> : null}
      {items.length === 0 ? null : (
        <Rows
          label={say.title}
          acts
          columns={[
            words.people.admin.name,
            words.people.email,
            words.people.admin.roles,
            say.state,
            words.admin.changeShort,
          ]}
          rows={items.map((item) => [
            item.id,
            [
              item.name,
              item.email,
              item.roles.map(roleName).join(", "),
              item.state === "open" ? say.openUntil(moments.day(item.expiresAt)) : say.states[item.state],
              item.state === "open" || item.state === "expired" ? (
                <RowMenu
                  key={item.id}
                  name={item.name}
                  steps={[
                    [say.renew, () => setRenewing(item)],
                    [say.withdraw, () => setLeaving(item)],
                  ]}
                />
              ) : null,
            ],
          ])}
        />
      )}
      {query.hasNextPage ? (
        <Button
          variant="default"
          size="compact-sm"
          loading={query.isFetching}
          onClick={() => void query.fetchNextPage()}
        >
          {words.admin.more}
        </Button>
      ) : null}
      {handed === null ? null : <LinkOnce name={handed.name} url={handed.url} />}
      <AddForm title={say.add} onAdd={add}>
        <TextInput name="name" label={words.people.admin.name} required maxLength={200} autoComplete="off" />
        <TextInput name="email" type="email" label={words.people.email} required maxLength={254} autoComplete="off" />
        <SelectField
          name="unit"
          label={words.admin.people.unit}
          choices={[
            { value: "", name: words.admin.people.noUnit },
            ...inTreeOrder((units.data ?? []).filter(({ archivedAt }) => archivedAt === null)).map(
              ({ unit, depth }) => ({ value: unit.id, name: `${"\u2003".repeat(depth)}${unit.name}` }),
            ),
          ]}
        />
        <RoleBoxes chosen={["officer"]} />
      </AddForm>
      <FormDialog
        open={renewing !== null}
        onClose={() => setRenewing(null)}
        title={say.renewTitle(renewing?.name ?? "")}
        lead={say.renewLead}
        submit={say.renewSubmit}
        onSubmit={renew}
      />
      <FormDialog
        open={leaving !== null}
        onClose={() => setLeaving(null)}
        title={say.withdrawTitle(leaving?.name ?? "")}
        lead={say.withdrawLead}
        submit={say.withdrawSubmit}
        onSubmit={withdraw}
      />
    </Panel>
  );
}

function roleName(role: string): string {
  const known = roles.find((each) => each === role);
  return known === undefined ? role : words.people.admin.roleNames[known];
}

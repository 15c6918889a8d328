import { Button, PasswordInput, TextInput } from "@mantine/core";
import { type Person, roles, type SignInState } from "@sworn/contract";
import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { IconLock, IconShieldCheck } from "@tabler/icons-react";
import { useState, type ReactElement } from "react";
import { useMay, useMoments } from "../../app/me.ts";
import { peopleQuery, refreshOrganisation, signInStatesQuery, unitsQuery } from "../../app/organisation-queries.ts";
import { queries, reasonOf, sworn } from "../../app/server.ts";
import { textOf } from "../../ui/form-field.ts";
import { StateMark } from "../../ui/state-mark.tsx";
import { words } from "../../words/index.ts";
import { type Done, NoticeDock } from "../../ui/undo-notice.tsx";
import { ImportDialog } from "../imports/index.ts";
import { LentDialog } from "../delegations/index.ts";
import { AddForm } from "./add-form.tsx";
import { Panel, Rows } from "./panel.tsx";
import { type PersonStep, PersonDialogs, RoleBoxes } from "./person-dialogs.tsx";
import { RowMenu } from "./row-menu.tsx";

const say = words.people.admin;
const change = words.admin.people;

export function PeoplePanel(): ReactElement {
  const query = useQuery(peopleQuery);
  const units = useQuery(unitsQuery);
  const states = useQuery(signInStatesQuery);
  const navigate = useNavigate();
  const mayAudit = useMay()("audit.read");
  const [lent, setLent] = useState<Person | null>(null);
  const [step, setStep] = useState<PersonStep | null>(null);
  const [importing, setImporting] = useState(false);
  const [done, setDone] = useState<Done | null>(null);
  const items = query.data ?? [];
  const unitName = (id: string | null): string => units.data?.find((unit) => unit.id === id)?.name ?? "";
  const add = async (form: FormData): Promise<void> => {
    const json = {
      name: textOf(form, "name"),
      email: textOf(form, "email"),
      password: textOf(form, "password"),
      roles: form.getAll("roles"),
    };
    await sworn.http.call("POST", sworn.http.url("/api/v1/people"), { json, idempotencyKey: null });
    await refreshOrganisation();
  };
  const stateOf = (person: Person): SignInState | null => states.data?.get(person.id) ?? null;
  const stepsOf = (person: Person): [string, () => void][] => [
    [change.rolesAndUnit, () => setStep({ kind: "roles", person })],
    [change.badgeChange, () => setStep({ kind: "badge", person })],
    [change.password, () => setStep({ kind: "password", person })],
    ...(hasFactor(stateOf(person))
      ? [[change.reset, () => setStep({ kind: "reset", person })] as [string, () => void]]
      : []),
    ...((stateOf(person)?.lockedUntil ?? null) === null
      ? []
      : [[change.unlock, () => setStep({ kind: "unlock", person })] as [string, () => void]]),
    person.disabledAt === null
      ? [change.disable, () => setStep({ kind: "disable", person })]
      : [change.enable, () => setStep({ kind: "enable", person })],
    [words.delegations.title, () => setLent(person)],
    ...(mayAudit
      ? [
          [words.audit.whatTheyDid, () => void navigate({ to: "/audit", search: { actor: person.id } })] as [
            string,
            () => void,
          ],
        ]
      : []),
  ];
  return (
    <Panel id="people" title={say.people}>
      {query.isError ? <p className="quiet">{reasonOf(query.error)}</p> : null}
      {query.isSuccess && items.length === 0 ? <p className="quiet">{say.noPeople}</p> : null}
      {items.length === 0 ? null : (
        <Rows
          label={say.people}
          acts
          columns={[
            say.name,
            change.badge,
            words.people.email,
            say.roles,
            change.unit,
            say.added,
            words.admin.changeShort,
          ]}
          rows={items.map((person) => [
            person.id,
            [
              person.name,
              person.badge ?? "",
              person.email,
              person.roles.map((role) => roleName(role)).join(", "),
              unitName(person.unitId),
              person.disabledAt === null ? (
                <PersonState key="state" person={person} state={stateOf(person)} />
              ) : (
                <span className="row-ended">{change.disabled}</span>
              ),
              <RowMenu key={person.id} name={person.name} steps={stepsOf(person)} />,
            ],
          ])}
        />
      )}
      <Button size="compact-sm" variant="default" className="panel-import" onClick={() => setImporting(true)}>
        {words.imports.button}
      </Button>
      <ImportDialog
        kind="people"
        open={importing}
        onClose={() => setImporting(false)}
        send={(table) => sworn.people.import(table)}
        onDone={async (text) => {
          setDone({ text: `${text} ${words.imports.links}` });
          await refreshOrganisation();
          await queries.invalidateQueries({ queryKey: ["invitations"] });
        }}
      />
      <NoticeDock done={done} onDone={setDone} />
      <AddForm title={say.addPerson} onAdd={add}>
        <TextInput name="name" label={say.name} required maxLength={200} autoComplete="off" />
        <TextInput name="email" type="email" label={words.people.email} required maxLength={254} autoComplete="off" />
        <PasswordInput
          name="password"
          label={say.firstPassword}
          required
          minLength={12}
          maxLength={256}
          autoComplete="new-password"
        />
        <RoleBoxes chosen={["officer"]} />
      </AddForm>
      <LentDialog person={lent} onClose={() => setLent(null)} />
      <PersonDialogs step={step} units={units.data ?? []} onClose={() => setStep(null)} />
    </Panel>
  );
}

function PersonState(props: { person: Person; state: SignInState | null }): ReactElement {
  const moments = useMoments();
  return (
    <div className="row-state">
      <span>{moments.day(props.person.createdAt)}</span>
      {hasFactor(props.state) ? (
        <StateMark tone="verified" icon={IconShieldCheck}>
          {[
            ...(props.state.totp ? [change.factors.totp] : []),
            ...(props.state.passkeys > 0 ? [change.factors.passkeys(props.state.passkeys)] : []),
          ].join(", ")}
        </StateMark>
      ) : null}
      {props.state === null || props.state.lockedUntil === null ? null : (
        <StateMark tone="problem" icon={IconLock}>
          {change.lockedUntil(moments.full(props.state.lockedUntil))}
        </StateMark>
      )}
    </div>
  );
}

const hasFactor = (state: SignInState | null): state is SignInState =>
  state !== null && (state.totp || state.passkeys > 0);

function roleName(role: string): string {
  const known = roles.find((each) => each === role);
  return known === undefined ? role : say.roleNames[known];
}

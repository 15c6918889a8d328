import { Button, TextInput } from "@mantine/core";
import { auditDeeds } from "@sworn/contract";
import { useQuery } from "@tanstack/react-query";
import { useState, type ReactElement } from "react";
import { reasonOf, sworn } from "../../app/server.ts";
import { textOf } from "../../ui/form-field.ts";
import { words } from "../../words/index.ts";
import { type AuditSearch, filterOf, valuesOf, withChange, without, withValue } from "./search.ts";

const say = words.audit;

/** What, when and who. A name is looked for first and then chosen: people of the same name are not one person. */
export function AuditFilters(props: { search: AuditSearch; onGo: (search: AuditSearch) => void }): ReactElement {
  const { search, onGo } = props;
  const did = filterOf(search).did ?? [];
  const days = (form: FormData): void =>
    onGo(withChange(search, { from: textOf(form, "from"), to: textOf(form, "to") }));
  return (
    <div className="audit-filters">
      <fieldset className="audit-deeds">
        <legend className="field-name">{say.did}</legend>
        {auditDeeds.map((deed) => (
          <label key={deed}>
            <input
              type="checkbox"
              checked={did.includes(deed)}
              onChange={(event) =>
                onGo(event.currentTarget.checked ? withValue(search, "did", deed) : without(search, "did", deed))
              }
            />{" "}
            {say.deeds[deed]}
          </label>
        ))}
      </fieldset>
      <form
        key={`${search.from ?? ""} ${search.to ?? ""}`}
        className="audit-days"
        onSubmit={(event) => {
          event.preventDefault();
          days(new FormData(event.currentTarget));
        }}
      >
        {(["from", "to"] as const).map((edge) => (
          <label key={edge} className="field">
            <span className="field-name">{say[edge]}</span>
            <input
              type="date"
              name={edge}
              className="field-select"
              min="1900-01-01"
              max="2199-12-31"
              defaultValue={valuesOf(search[edge])[0]?.slice(0, 10) ?? ""}
            />
          </label>
        ))}
        <Button type="submit" variant="default">
          {say.find}
        </Button>
      </form>
      <Who search={search} onGo={onGo} />
    </div>
  );
}

function Who(props: { search: AuditSearch; onGo: (search: AuditSearch) => void }): ReactElement {
  const { search, onGo } = props;
  const [asked, setAsked] = useState("");
  const found = useQuery({
    queryKey: ["audit-names", "by name", asked],
    queryFn: ({ signal }) => sworn.audit.names({ q: asked }, signal),
    enabled: asked !== "",
  });
  const choose = (next: AuditSearch): void => {
    setAsked("");
    onGo(next);
  };
  return (
    <form
      className="audit-who"
      onSubmit={(event) => {
        event.preventDefault();
        setAsked(textOf(new FormData(event.currentTarget), "q").trim());
      }}
    >
      <div className="audit-who-field">
        <TextInput name="q" label={say.who} placeholder={say.whoHint} maxLength={100} autoComplete="off" />
        <Button type="submit" variant="default" loading={found.isFetching}>
          {say.find}
        </Button>
      </div>
      <div role="status">
        {found.isError ? <p className="audit-problem">{reasonOf(found.error)}</p> : null}
        {asked !== "" && found.data?.length === 0 ? <p className="quiet">{say.nobody}</p> : null}
      </div>
      {asked === "" || found.data === undefined || found.data.length === 0 ? null : (
        <ul className="audit-found">
          {found.data.map(({ kind, id, name }) =>
            kind === "device" ? (
              <li key={id}>
                <button type="button" onClick={() => choose(withValue(search, "device", id))}>
                  {say.deviceChip(name)}
                </button>
              </li>
            ) : (
              <li key={id}>
                <button type="button" onClick={() => choose(withValue(search, "actor", id))}>
                  {say.byThem(name)}
                </button>
                {kind === "person" ? (
                  <button type="button" onClick={() => choose(withValue(search, "subject", id))}>
                    {say.aboutThem(name)}
                  </button>
                ) : null}
              </li>
            ),
          )}
        </ul>
      )}
    </form>
  );
}

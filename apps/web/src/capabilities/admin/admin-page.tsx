import { IconEyeOff } from "@tabler/icons-react";
import { useEffect, type ReactElement } from "react";
import { useMay } from "../../app/me.ts";
import { CalmNote } from "../../ui/calm-note.tsx";
import { words } from "../../words/index.ts";
import { DevicesPanel } from "./devices-panel.tsx";
import { HealthPanel } from "./health-panel.tsx";
import { KeysPanel } from "./keys-panel.tsx";
import { PeoplePanel } from "./people-panel.tsx";
import "./admin-page.css";

const say = words.people.admin;

/** How the server does, who may use it, which cameras and keys it knows. */
export function AdminPage(): ReactElement {
  const may = useMay();
  useEffect(() => {
    document.title = `${say.title} · ${words.frame.product}`;
  }, []);
  return (
    <div className="page admin">
      <h1>{say.title}</h1>
      {may("health.read") || may("person.manage") || may("device.manage") || may("key.manage") ? null : (
        <CalmNote icon={IconEyeOff} title={say.notYours}>
          {say.notYoursBody}
        </CalmNote>
      )}
      {may("health.read") ? <HealthPanel /> : null}
      {may("person.manage") ? <PeoplePanel /> : null}
      {may("device.manage") ? <DevicesPanel /> : null}
      {may("key.manage") ? <KeysPanel /> : null}
    </div>
  );
}

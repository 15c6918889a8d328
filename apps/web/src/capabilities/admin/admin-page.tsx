import { IconEyeOff } from "@tabler/icons-react";
import type { Permission } from "@sworn/contract";
import { useEffect, type ReactElement } from "react";
import { useMay } from "../../app/me.ts";
import { CalmNote } from "../../ui/calm-note.tsx";
import { words } from "../../words/index.ts";
import { SharesPanel } from "../sharing/shares-panel.tsx";
import { ShiftsPanel } from "../shifts/index.ts";
import { CategoriesPanel } from "./categories-panel.tsx";
import { ClassesPanel } from "./classes-panel.tsx";
import { DevicesPanel } from "./devices-panel.tsx";
import { FactorPanel } from "./factor-panel.tsx";
import { HealthPanel } from "./health-panel.tsx";
import { InvitationsPanel } from "./invitations-panel.tsx";
import { KeysPanel } from "./keys-panel.tsx";
import { NoticePanel } from "./notice-panel.tsx";
import { PeoplePanel } from "./people-panel.tsx";
import { SessionsPanel } from "./sessions-panel.tsx";
import { UnitsPanel } from "./units-panel.tsx";
import "../../ui/pills.css";
import "./admin-page.css";

const say = words.people.admin;

interface Section {
  readonly id: string;
  /** Asked for while drawing: it changes with the language. */
  readonly title: () => string;
  readonly needs: Permission;
  readonly Panel: () => ReactElement;
}
const sections: readonly Section[] = [
  { id: "health", title: () => say.health, needs: "health.read", Panel: HealthPanel },
  { id: "people", title: () => say.people, needs: "person.manage", Panel: PeoplePanel },
  { id: "invitations", title: () => words.admin.invitations.title, needs: "person.manage", Panel: InvitationsPanel },
  { id: "sessions", title: () => words.admin.sessions.title, needs: "person.manage", Panel: SessionsPanel },
  { id: "factor-rule", title: () => words.admin.sessions.factorTitle, needs: "person.manage", Panel: FactorPanel },
  { id: "use-notice", title: () => words.admin.useNotice.title, needs: "person.manage", Panel: NoticePanel },
  { id: "units", title: () => words.admin.units.title, needs: "unit.manage", Panel: UnitsPanel },
  { id: "categories", title: () => words.admin.categories.title, needs: "category.manage", Panel: CategoriesPanel },
  { id: "classes", title: () => words.admin.classes.title, needs: "class.manage", Panel: ClassesPanel },
  { id: "shares", title: () => words.sharing.all, needs: "share.list", Panel: SharesPanel },
  { id: "shifts", title: () => words.shifts.title, needs: "shift.manage", Panel: ShiftsPanel },
  { id: "devices", title: () => say.devices, needs: "device.manage", Panel: DevicesPanel },
  { id: "keys", title: () => say.keys, needs: "key.manage", Panel: KeysPanel },
];

/** How the server does, who may use it, where they belong, what items can be, which cameras and keys it knows. */
export function AdminPage(): ReactElement {
  const may = useMay();
  useEffect(() => {
    document.title = `${say.title} · ${words.frame.product}`;
  }, []);
  const yours = sections.filter(({ needs }) => may(needs));
  return (
    <div className="page admin-page">
      <h1>{say.title}</h1>
      {yours.length > 0 ? null : (
        <CalmNote icon={IconEyeOff} title={say.notYours}>
          {say.notYoursBody}
        </CalmNote>
      )}
      {yours.length < 2 ? null : (
        <nav className="admin-nav" aria-label={words.admin.sections}>
          {yours.map(({ id, title }) => (
            <a key={id} href={`#${id}`}>
              {title()}
            </a>
          ))}
        </nav>
      )}
      <div className="admin">
        {yours.map(({ id, Panel }) => (
          <Panel key={id} />
        ))}
      </div>
    </div>
  );
}

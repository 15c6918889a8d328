import { useEffect, type ReactElement } from "react";
import { roles } from "@sworn/contract";
import { useMe } from "../../app/me.ts";
import { words } from "../../words/index.ts";
import { LentPanel } from "../delegations/index.ts";
import { MailPanel } from "./mail-panel.tsx";
import { OwnSessions } from "./own-sessions.tsx";
import { SecondFactorPanel } from "./second-factor-panel.tsx";
import { PasskeysPanel } from "./passkeys-panel.tsx";
import { PasswordPanel } from "./password-panel.tsx";
import "./account-page.css";

const say = words.people.account;

/** What is one's own: name and roles as the agency gave them, the password, the sessions. */
export function AccountPage(): ReactElement {
  const me = useMe();
  useEffect(() => {
    document.title = `${say.title} · ${words.frame.product}`;
  }, []);
  return (
    <div className="page account">
      <h1>{say.title}</h1>
      <section className="account-part" aria-labelledby="account-profile">
        <h2 id="account-profile">{say.profile}</h2>
        <dl className="account-facts">
          <dt>{words.people.admin.name}</dt>
          <dd>{me.person?.name ?? me.key?.name ?? ""}</dd>
          <dt>{words.people.email}</dt>
          <dd>{me.person?.email ?? ""}</dd>
          <dt>{words.people.admin.roles}</dt>
          <dd>{(me.person?.roles ?? []).map(roleName).join(", ")}</dd>
          <dt>{words.people.setUp.agency}</dt>
          <dd>{me.agency.name}</dd>
        </dl>
        <p className="small quiet">{say.profileWhy}</p>
      </section>
      <PasswordPanel />
      <SecondFactorPanel />
      <PasskeysPanel />
      <LentPanel />
      <MailPanel />
      <OwnSessions />
    </div>
  );
}

function roleName(role: string): string {
  const known = roles.find((each) => each === role);
  return known === undefined ? role : words.people.admin.roleNames[known];
}

import type { ReactElement } from "react";
import { InvitationPage } from "../../capabilities/people/invitation-page.tsx";

export function InvitationRoute(): ReactElement {
  return <InvitationPage />;
}

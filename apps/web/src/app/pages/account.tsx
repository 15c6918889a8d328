import type { ReactElement } from "react";
import { AccountPage } from "../../capabilities/sign-in/index.ts";

export function AccountRoute(): ReactElement {
  return <AccountPage />;
}

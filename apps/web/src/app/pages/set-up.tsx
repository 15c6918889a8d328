import type { ReactElement } from "react";
import { SetUpPage } from "../../capabilities/people/set-up-page.tsx";

export function SetUpRoute(): ReactElement {
  return <SetUpPage />;
}

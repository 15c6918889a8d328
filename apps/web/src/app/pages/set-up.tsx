import type { ReactElement } from "react";
export function SetUpRoute(): ReactElement {
  return <div />;
}

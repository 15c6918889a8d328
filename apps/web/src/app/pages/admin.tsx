import type { ReactElement } from "react";
export function AdminRoute(): ReactElement {
  return <div />;
}

import type { ReactElement } from "react";
export function LibraryRoute(): ReactElement {
  return <div />;
}

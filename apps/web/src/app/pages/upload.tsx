import type { ReactElement } from "react";
export function UploadRoute(): ReactElement {
  return <div />;
}

import type { ReactElement } from "react";
import { UploadPage } from "../../capabilities/uploads/index.ts";

export function UploadRoute(): ReactElement {
  return <UploadPage />;
}

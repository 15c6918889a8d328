import type { ReactElement } from "react";
import { AdminPage } from "../../capabilities/admin/index.ts";

export function AdminRoute(): ReactElement {
  return <AdminPage />;
}

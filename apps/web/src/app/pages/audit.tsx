import { getRouteApi } from "@tanstack/react-router";
import type { ReactElement } from "react";
import { AuditPage } from "../../capabilities/audit/index.ts";

const route = getRouteApi("/inside/audit");

export function AuditRoute(): ReactElement {
  return <AuditPage search={route.useSearch()} />;
}

import { getRouteApi } from "@tanstack/react-router";
import type { ReactElement } from "react";
import { CasePage, CasesPage } from "../../capabilities/cases/index.ts";

const list = getRouteApi("/inside/cases");
const one = getRouteApi("/inside/cases/$id");

export function CasesRoute(): ReactElement {
  return <CasesPage search={list.useSearch()} />;
}

export function CaseRoute(): ReactElement {
  return <CasePage id={one.useParams().id} />;
}

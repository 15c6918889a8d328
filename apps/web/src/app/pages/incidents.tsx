import { getRouteApi } from "@tanstack/react-router";
import type { ReactElement } from "react";
import { IncidentPage, IncidentsPage } from "../../capabilities/incidents/index.ts";

const list = getRouteApi("/inside/incidents");
const one = getRouteApi("/inside/incidents/$id");

export function IncidentsRoute(): ReactElement {
  return <IncidentsPage search={list.useSearch()} />;
}

export function IncidentRoute(): ReactElement {
  return <IncidentPage id={one.useParams().id} />;
}

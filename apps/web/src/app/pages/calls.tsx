import { getRouteApi } from "@tanstack/react-router";
import type { ReactElement } from "react";
import { CallPage, CallsPage } from "../../capabilities/calls/index.ts";

const list = getRouteApi("/inside/calls");
const one = getRouteApi("/inside/calls/$id");

export function CallsRoute(): ReactElement {
  return <CallsPage search={list.useSearch()} />;
}

export function CallRoute(): ReactElement {
  return <CallPage id={one.useParams().id} />;
}

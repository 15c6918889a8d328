import { getRouteApi } from "@tanstack/react-router";
import type { ReactElement } from "react";
import { EvidencePage } from "../../capabilities/evidence/index.ts";

const route = getRouteApi("/inside/evidence/$id");

export function EvidenceRoute(): ReactElement {
  const { id } = route.useParams();
  return <EvidencePage id={id} moment={route.useSearch()} />;
}

import { getRouteApi } from "@tanstack/react-router";
import type { ReactElement } from "react";
import { EvidencePage } from "../../capabilities/evidence/index.ts";

const route = getRouteApi("/inside/evidence/$id");

export function EvidenceRoute(): ReactElement {
  const { id } = route.useParams();
  const { t, in: from, out, loop } = route.useSearch();
  const moment = {
    ...(t === undefined ? {} : { t }),
    ...(from === undefined ? {} : { in: from }),
    ...(out === undefined ? {} : { out }),
    ...(loop === undefined ? {} : { loop }),
  };
  return <EvidencePage id={id} moment={moment} />;
}

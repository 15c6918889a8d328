import { getRouteApi } from "@tanstack/react-router";
import type { ReactElement } from "react";
import { LibraryPage } from "../../capabilities/library/index.ts";

const route = getRouteApi("/inside/library");

export function LibraryRoute(): ReactElement {
  return <LibraryPage search={route.useSearch()} />;
}

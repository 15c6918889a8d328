import { getRouteApi } from "@tanstack/react-router";
import type { ReactElement } from "react";
import { SignInPage } from "../../capabilities/people/sign-in-page.tsx";

const route = getRouteApi("/sign-in");

export function SignInRoute(): ReactElement {
  const { to, refused } = route.useSearch();
  return <SignInPage to={to} refused={refused} />;
}

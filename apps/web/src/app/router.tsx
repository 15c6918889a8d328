import { createRootRoute, createRoute, createRouter, lazyRouteComponent, redirect } from "@tanstack/react-router";
import { readSearch } from "../capabilities/library/search.ts";
import { settleLanguage } from "../words/choose-language.ts";
import { readCallSearch } from "../capabilities/calls/search.ts";
import { readStorySearch } from "../capabilities/custody/search.ts";
import { readAuditSearch } from "../capabilities/audit/search.ts";
import { Frame } from "./frame.tsx";
import { meQuery } from "./me.ts";
import { NotFoundScreen, ProblemScreen } from "./problem-screen.tsx";
import { isSignedOut, queries } from "./server.ts";

/** `?q=118` typed by hand arrives as a number. */
const text = (value: unknown): string | undefined =>
  typeof value === "number" ? String(value) : typeof value === "string" && value !== "" ? value : undefined;
/** An address may hold anything: only seconds that could be meant are taken. */
const seconds = (value: unknown): number | undefined => {
  const number = Number(value);
  return value !== undefined && value !== "" && Number.isFinite(number) && number >= 0 ? number : undefined;
};
/** Keys without a value stay: left out, the router would hand on what the address holds, unlooked at. */
const given = <T extends object>(record: T): { [K in keyof T]?: Exclude<T[K], undefined> } => record;

/** Which incidents or cases: text and state. */
const readListSearch = (search: Readonly<Record<string, unknown>>): { q?: string; state?: "open" | "closed" } => {
  const { state } = search;
  return given({
    q: text(search["q"])?.slice(0, 100),
    state: state === "open" || state === "closed" ? state : undefined,
  });
};

const rootRoute = createRootRoute({
  notFoundComponent: NotFoundScreen,
  errorComponent: ({ error, reset }) => <ProblemScreen error={error} onRetry={reset} />,
});

/** Everything behind the sign-in; a session that ended leads back to where it ended. */
const insideRoute = createRoute({
  getParentRoute: () => rootRoute,
  id: "inside",
  component: Frame,
  notFoundComponent: NotFoundScreen,
  errorComponent: ({ error, reset }) => <ProblemScreen error={error} onRetry={reset} />,
  beforeLoad: async ({ location }) => {
    try {
      const me = await queries.ensureQueryData(meQuery);
      await settleLanguage(me.language, me.agency.language);
    } catch (error) {
      // oxlint-disable-next-line typescript/only-throw-error -- the router's own way to redirect
      if (isSignedOut(error)) throw redirect({ to: "/sign-in", search: { to: location.href } });
      throw error;
    }
  },
});

const homeRoute = createRoute({
  getParentRoute: () => insideRoute,
  path: "/",
  beforeLoad: () => {
    // oxlint-disable-next-line typescript/only-throw-error -- the router's own way to redirect
    throw redirect({ to: "/today" });
  },
});

const todayRoute = createRoute({
  getParentRoute: () => insideRoute,
  path: "/today",
  component: lazyRouteComponent(() => import("./pages/today.tsx"), "TodayRoute"),
});

const mineRoute = createRoute({
  getParentRoute: () => insideRoute,
  path: "/mine",
  component: lazyRouteComponent(() => import("./pages/mine.tsx"), "MineRoute"),
});

const libraryRoute = createRoute({
  getParentRoute: () => insideRoute,
  path: "/library",
  validateSearch: readSearch,
  component: lazyRouteComponent(() => import("./pages/library.tsx"), "LibraryRoute"),
});

const evidenceRoute = createRoute({
  getParentRoute: () => insideRoute,
  path: "/evidence/$id",
  validateSearch: (search) =>
    given({
      t: seconds(search["t"]),
      in: seconds(search["in"]),
      out: seconds(search["out"]),
      loop: seconds(search["loop"]) === 1 ? (1 as const) : undefined,
      what: undefined,
      who: undefined,
      day: undefined,
      ...readStorySearch(search),
    }),
  component: lazyRouteComponent(() => import("./pages/evidence.tsx"), "EvidenceRoute"),
});

const uploadRoute = createRoute({
  getParentRoute: () => insideRoute,
  path: "/upload",
  component: lazyRouteComponent(() => import("./pages/upload.tsx"), "UploadRoute"),
});

const auditRoute = createRoute({
  getParentRoute: () => insideRoute,
  path: "/audit",
  validateSearch: readAuditSearch,
  component: lazyRouteComponent(() => import("./pages/audit.tsx"), "AuditRoute"),
});

const incidentsRoute = createRoute({
  getParentRoute: () => insideRoute,
  path: "/incidents",
  validateSearch: readListSearch,
  component: lazyRouteComponent(() => import("./pages/incidents.tsx"), "IncidentsRoute"),
});

const incidentRoute = createRoute({
  getParentRoute: () => insideRoute,
  path: "/incidents/$id",
  component: lazyRouteComponent(() => import("./pages/incidents.tsx"), "IncidentRoute"),
});

const callsRoute = createRoute({
  getParentRoute: () => insideRoute,
  path: "/calls",
  validateSearch: readCallSearch,
  component: lazyRouteComponent(() => import("./pages/calls.tsx"), "CallsRoute"),
});

const callRoute = createRoute({
  getParentRoute: () => insideRoute,
  path: "/calls/$id",
  component: lazyRouteComponent(() => import("./pages/calls.tsx"), "CallRoute"),
});

const casesRoute = createRoute({
  getParentRoute: () => insideRoute,
  path: "/cases",
  validateSearch: readListSearch,
  component: lazyRouteComponent(() => import("./pages/cases.tsx"), "CasesRoute"),
});

const caseRoute = createRoute({
  getParentRoute: () => insideRoute,
  path: "/cases/$id",
  component: lazyRouteComponent(() => import("./pages/cases.tsx"), "CaseRoute"),
});

const adminRoute = createRoute({
  getParentRoute: () => insideRoute,
  path: "/admin",
  component: lazyRouteComponent(() => import("./pages/admin.tsx"), "AdminRoute"),
});

const designRoute = createRoute({
  getParentRoute: () => insideRoute,
  path: "/design",
  component: lazyRouteComponent(() => import("./pages/design.tsx"), "DesignPage"),
});

const accountRoute = createRoute({
  getParentRoute: () => insideRoute,
  path: "/account",
  component: lazyRouteComponent(() => import("./pages/account.tsx"), "AccountRoute"),
});

const signInRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/sign-in",
  validateSearch: (search) => given({ to: text(search["to"]), refused: text(search["refused"]) }),
  component: lazyRouteComponent(() => import("./pages/sign-in.tsx"), "SignInRoute"),
});

const setUpRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/set-up",
  component: lazyRouteComponent(() => import("./pages/set-up.tsx"), "SetUpRoute"),
});

const invitationRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/invitation",
  component: lazyRouteComponent(() => import("./pages/invitation.tsx"), "InvitationRoute"),
});

export const router = createRouter({
  routeTree: rootRoute.addChildren([
    insideRoute.addChildren([
      homeRoute,
      todayRoute,
      mineRoute,
      libraryRoute,
      evidenceRoute,
      uploadRoute,
      auditRoute,
      adminRoute,
      incidentsRoute,
      incidentRoute,
      callsRoute,
      callRoute,
      casesRoute,
      caseRoute,
      accountRoute,
      designRoute,
    ]),
    signInRoute,
    setUpRoute,
    invitationRoute,
  ]),
  defaultPreload: "intent",
  scrollRestoration: true,
});

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}

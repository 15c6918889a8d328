import { useQuery } from "@tanstack/react-query";
import { Link, Outlet, useNavigate, useSearch } from "@tanstack/react-router";
import {
  IconAlertSquareRounded,
  IconBriefcase,
  IconEyeSearch,
  IconInbox,
  IconLayoutGrid,
  IconPhone,
  IconSearch,
  IconSettings,
  IconUpload,
} from "@tabler/icons-react";
import type { Icon } from "@tabler/icons-react";
import { useEffect, useRef, useState, type ReactElement } from "react";
import { changed, readSearch } from "../capabilities/library/search.ts";
import { todayQuery, waitingIn } from "../capabilities/today/today-query.ts";
import { LiveCount } from "../capabilities/library/live-count.tsx";
import { UploadChip } from "../capabilities/uploads/upload-chip.tsx";
import { NoticeBanner } from "../capabilities/sign-in/notice-banner.tsx";
import { ActingBanner } from "../capabilities/delegations/index.ts";
import { RecoveryBanner } from "../capabilities/people/recovery-banner.tsx";
import { textOf } from "../ui/form-field.ts";
import { words } from "../words/index.ts";
import { KeyboardHelp } from "./keyboard-help.tsx";
import { healthQuery } from "./health-query.ts";
import { useMay, useMe } from "./me.ts";
import { PersonMenu } from "./person-menu.tsx";
import "./frame.css";

/** Rail and top bar around every screen; only what this person may use stands in it. */
export function Frame(): ReactElement {
  const may = useMay();
  const me = useMe();
  const [help, setHelp] = useState(false);
  return (
    <div className="frame">
      <a className="skip" href="#content">
        {words.frame.skip}
      </a>
      <nav className="rail" aria-label={words.frame.nav}>
        <img src="/mark.svg" alt={words.frame.product} width={28} height={28} className="rail-mark" />
        <TodayLink />
        {may("evidence.list") ? <RailLink to="/library" icon={IconLayoutGrid} name={words.frame.library} /> : null}
        {may("incident.list") ? (
          <RailLink to="/incidents" icon={IconAlertSquareRounded} name={words.incidents.title} />
        ) : null}
        {may("call.list") ? <RailLink to="/calls" icon={IconPhone} name={words.calls.title} /> : null}
        {may("case.list") ? <RailLink to="/cases" icon={IconBriefcase} name={words.incidents.cases} /> : null}
        {may("upload.create") ? <RailLink to="/upload" icon={IconUpload} name={words.frame.upload} /> : null}
        {may("audit.read") ? <RailLink to="/audit" icon={IconEyeSearch} name={words.frame.audit} /> : null}
        {may("health.read") || may("key.manage") || may("share.list") ? <AdminLink /> : null}
      </nav>
      <header className="topbar">
        {may("evidence.list") ? <Search /> : <span className="topbar-agency">{me.agency.name}</span>}
        <span className="topbar-space" />
        <UploadChip />
        {may("recording.read") ? <LiveCount /> : null}
        <PersonMenu onKeyboard={() => setHelp(true)} />
      </header>
      <div className="frame-body">
        <NoticeBanner />
        <ActingBanner />
        <RecoveryBanner />
        <main id="content" tabIndex={-1}>
          <Outlet />
        </main>
      </div>
      <KeyboardHelp open={help} onOpen={() => setHelp(true)} onClose={() => setHelp(false)} />
    </div>
  );
}

/** With how many things wait for this person. */
function TodayLink(): ReactElement {
  const today = useQuery(todayQuery);
  const { count, capped } = waitingIn(today.data?.groups ?? []);
  return (
    <RailLink
      to="/today"
      icon={IconInbox}
      name={words.frame.today}
      count={count}
      countSays={words.today.waiting(count, capped)}
      calm
    />
  );
}

/** With how many things need somebody, for who may know. */
function AdminLink(): ReactElement {
  const may = useMay()("health.read");
  const health = useQuery({ ...healthQuery, enabled: may, refetchInterval: 60_000 });
  return (
    <RailLink
      to="/admin"
      icon={IconSettings}
      name={words.frame.admin}
      count={health.data?.problems.length ?? 0}
      countSays={words.health.railCount(health.data?.problems.length ?? 0)}
    />
  );
}

function RailLink(props: {
  to: "/today" | "/library" | "/incidents" | "/calls" | "/cases" | "/upload" | "/audit" | "/admin";
  icon: Icon;
  name: string;
  count?: number;
  countSays?: string;
  /** A number to know, no problem. */
  calm?: boolean;
}): ReactElement {
  return (
    <Link
      to={props.to}
      search={{}}
      className="rail-link"
      activeProps={{ className: "rail-here", "aria-current": "page" }}
    >
      <props.icon size={20} stroke={1.7} aria-hidden="true" />
      <span>{props.name}</span>
      {props.count === undefined || props.count === 0 ? null : (
        <span className={`rail-count${props.calm === true ? " rail-count-calm" : ""}`}>
          <span aria-hidden="true">{props.count > 99 ? "99+" : props.count}</span>
          <span className="sr-only">{props.countSays}</span>
        </span>
      )}
    </Link>
  );
}

function Search(): ReactElement {
  const navigate = useNavigate();
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => {
    const press = (event: KeyboardEvent): void => {
      const typing = event.target instanceof HTMLElement && event.target.closest("input, textarea, dialog") !== null;
      if (event.key !== "/" || typing || event.ctrlKey || event.metaKey) return;
      event.preventDefault();
      field.current?.focus();
      field.current?.select();
    };
    document.addEventListener("keydown", press);
    return () => document.removeEventListener("keydown", press);
  }, []);
  // In the library the text joins the filters that are set; from anywhere else it begins anew.
  const here = readSearch(useSearch({ strict: false }));
  const now = here.q;
  const search = (form: FormData): void => {
    const q = textOf(form, "q").trim();
    void navigate({ to: "/library", search: changed(here, { q }) });
  };
  return (
    <form
      className="search"
      role="search"
      onSubmit={(event) => {
        event.preventDefault();
        search(new FormData(event.currentTarget));
      }}
    >
      <IconSearch size={16} aria-hidden="true" />
      <input
        ref={field}
        key={now ?? ""}
        defaultValue={now ?? ""}
        name="q"
        type="search"
        placeholder={words.frame.search}
        aria-label={words.frame.search}
        aria-keyshortcuts="/"
        autoComplete="off"
        maxLength={200}
      />
      <kbd aria-hidden="true">/</kbd>
    </form>
  );
}

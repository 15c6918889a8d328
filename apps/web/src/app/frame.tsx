import { Outlet, useNavigate, useSearch } from "@tanstack/react-router";
import { IconSearch } from "@tabler/icons-react";
import { useEffect, useRef, useState, type ReactElement } from "react";
import { changed, readSearch } from "../capabilities/library/search.ts";
import { LiveCount } from "../capabilities/library/live-count.tsx";
import { UploadChip } from "../capabilities/uploads/upload-chip.tsx";
import { NoticeBanner } from "../capabilities/sign-in/notice-banner.tsx";
import { ActingBanner } from "../capabilities/delegations/index.ts";
import { RecoveryBanner } from "../capabilities/people/recovery-banner.tsx";
import { textOf } from "../ui/form-field.ts";
import { words } from "../words/index.ts";
import { KeyboardHelp } from "./keyboard-help.tsx";
import { useMay, useMe } from "./me.ts";
import { PersonMenu } from "./person-menu.tsx";
import { Rail } from "./rail.tsx";
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
      <Rail />
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

import { Menu, useMantineColorScheme } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import {
  IconDeviceDesktop,
  IconKeyboard,
  IconLock,
  IconLogout,
  IconMoon,
  IconSun,
  IconUserCircle,
} from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useEffect, useRef, type ReactElement } from "react";
import { signOut } from "../capabilities/people/session.ts";
import { changeLanguage } from "../words/choose-language.ts";
import { language, languages, words, type Language } from "../words/index.ts";
import { lock } from "./lock.ts";
import { meQuery, useMe } from "./me.ts";
import { sworn } from "./server.ts";

const tongues = Object.keys(languages) as Language[];
/** The screens are drawn anew in another language: the focus goes back to where the choice was made. */
let refocus = false;

export function PersonMenu(props: { onKeyboard: () => void }): ReactElement {
  const me = useMe();
  const client = useQueryClient();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const name = me.person?.name ?? me.key?.name ?? "";
  const button = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (refocus) button.current?.focus();
    refocus = false;
  }, []);
  const speakFromMenu = (tongue: Language): void => {
    refocus = tongue !== language();
    client.setQueryData(meQuery.queryKey, (now) => (now === undefined ? now : { ...now, language: tongue }));
    void changeLanguage(tongue);
    // Where the server cannot be told, this browser keeps the choice all the same.
    if (me.person !== null) sworn.chooseLanguage(tongue).catch(() => undefined);
  };
  const lockNow = (): void => {
    // Only once the server has locked: a lock screen that a reload opens would be none.
    void sworn.session.lock().then(lock, () => undefined);
  };
  const leave = (): void => {
    // Whatever the answer, nothing of this person may stay on the screen.
    void signOut().finally(() => {
      client.clear();
      location.assign("/sign-in");
    });
  };
  const themes = [
    ["light", words.frame.themeLight, IconSun],
    ["dark", words.frame.themeDark, IconMoon],
    ["auto", words.frame.themeAuto, IconDeviceDesktop],
  ] as const;
  return (
    <Menu position="bottom-end" shadow="none" width={240}>
      <Menu.Target>
        <button
          ref={button}
          type="button"
          className="person"
          aria-label={`${initials(name)}: ${words.frame.person(name)}`}
        >
          {initials(name)}
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>
          {name}
          <br />
          {me.agency.name}
        </Menu.Label>
        <Menu.Divider />
        <Menu.Label>{words.frame.theme}</Menu.Label>
        <Menu.RadioGroup value={colorScheme} onChange={(scheme) => setColorScheme(scheme as typeof colorScheme)}>
          {themes.map(([scheme, label, Glyph]) => (
            <Menu.RadioItem key={scheme} closeMenuOnClick value={scheme} rightSection={<Glyph size={16} />}>
              {label}
            </Menu.RadioItem>
          ))}
        </Menu.RadioGroup>
        <Menu.Divider />
        <Menu.Label>{words.frame.language}</Menu.Label>
        <Menu.RadioGroup value={language()} onChange={(tongue) => speakFromMenu(tongue as Language)}>
          {tongues.map((tongue) => (
            <Menu.RadioItem key={tongue} closeMenuOnClick value={tongue} lang={tongue}>
              {languages[tongue]}
            </Menu.RadioItem>
          ))}
        </Menu.RadioGroup>
        <Menu.Divider />
        <Menu.Item component={Link} to="/account" leftSection={<IconUserCircle size={16} />}>
          {words.people.account.title}
        </Menu.Item>
        <Menu.Item leftSection={<IconLock size={16} />} onClick={lockNow}>
          {words.people.lock.now}
        </Menu.Item>
        <Menu.Item
          leftSection={<IconKeyboard size={16} />}
          rightSection={<kbd className="mono small quiet">?</kbd>}
          onClick={props.onKeyboard}
        >
          {words.frame.keyboard}
        </Menu.Item>
        <Menu.Item leftSection={<IconLogout size={16} />} onClick={leave}>
          {words.frame.signOut}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

/** "P. Moreno" → PM; a rank such as "Ofc." is no name. */
function initials(name: string): string {
  const parts = name.split(/\s+/).filter((part) => /^\p{L}/u.test(part) && !/^\p{L}{2,}\.$/u.test(part));
  return (
    [parts[0], parts.length > 1 ? parts.at(-1) : undefined]
      .map((part) => part?.[0] ?? "")
      .join("")
      .toUpperCase() || "·"
  );
}

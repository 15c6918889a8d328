import { inEnglish, language, languages, speak, type Language, type Words } from "./index.ts";

// English is part of the first load; any other language is fetched when somebody speaks it.
const catalogues: Readonly<Record<Language, () => Promise<Words>>> = {
  en: () => Promise.resolve(inEnglish),
  es: async () => (await import("./es/index.ts")).spanish,
};
const remembered = "sworn-language";

export const languageOf = (tag: string | null | undefined): Language | null => {
  const base = tag?.toLowerCase().split("-")[0] ?? "";
  return (Object.keys(languages) as Language[]).find((known) => known === base) ?? null;
};

/** A person's own choice, else what their browser asks for, else what their agency speaks. */
export function chooseLanguage(
  own: string | null | undefined,
  browser: readonly string[],
  agency: string | null | undefined,
): Language {
  const asked = browser.map(languageOf).find((known) => known !== null);
  return languageOf(own) ?? asked ?? languageOf(agency) ?? "en";
}

const listeners = new Set<() => void>();

/** For whoever draws the screens: called after the words have changed. */
export function onLanguage(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Somebody's own choice: spoken from now on, and in this browser also before the next sign-in. */
export async function changeLanguage(to: Language): Promise<void> {
  remember(to);
  await speakIn(to);
}

/** Before anybody has signed in: as somebody chose in this browser, else as it asks. */
export async function startLanguage(): Promise<void> {
  await speakIn(chooseLanguage(recall(), navigator.languages, null));
}

/** Once it is known who signed in. */
export async function settleLanguage(own: string | null, agency: string | null): Promise<void> {
  await speakIn(chooseLanguage(own ?? recall(), navigator.languages, agency));
}

async function speakIn(to: Language): Promise<void> {
  const all = await catalogues[to]();
  if (to !== language()) {
    speak(to, all);
    for (const listener of listeners) listener();
  }
  document.documentElement.lang = to;
}

function recall(): string | null {
  try {
    return localStorage.getItem(remembered);
  } catch {
    // Storage may be forbidden: then the browser's languages are asked each time.
    return null;
  }
}

function remember(to: Language): void {
  try {
    localStorage.setItem(remembered, to);
  } catch {
    // Nothing is lost but the next start's first choice.
  }
}

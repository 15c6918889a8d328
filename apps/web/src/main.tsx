// First, so that a screen's own sheet wins over the base.
import "./ui/mantine.css";
import "./ui/fonts.css";
import "./ui/tokens.css";
import "./ui/base.css";
import { MantineProvider } from "@mantine/core";
import { QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { StrictMode, useSyncExternalStore, type ReactElement } from "react";
import { createRoot } from "react-dom/client";
import { LockScreen } from "./capabilities/sign-in/lock-screen.tsx";
import { router } from "./app/router.tsx";
import { queries } from "./app/server.ts";
import { theme, variables } from "./ui/theme.ts";
import { onLanguage, startLanguage } from "./words/choose-language.ts";
import { language } from "./words/index.ts";

const root = document.getElementById("root");
if (root === null) throw new Error("index.html has no #root");

/** Everything is drawn anew in another language: words are read while drawing. What was fetched or typed into the address stays. */
function Screens(): ReactElement {
  return <RouterProvider key={useSyncExternalStore(onLanguage, language)} router={router} />;
}

await startLanguage();
createRoot(root).render(
  <StrictMode>
    <MantineProvider theme={theme} cssVariablesResolver={variables} defaultColorScheme="auto">
      <QueryClientProvider client={queries}>
        <Screens />
        <LockScreen />
      </QueryClientProvider>
    </MantineProvider>
  </StrictMode>,
);

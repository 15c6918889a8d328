// Sets the theme before the first paint; src/ui/theme.ts keeps it afterwards (same key).
(function () {
  // Zod tries `new Function` once where it may; the policy refuses it, and each try would be reported as a violation.
  globalThis.__zod_globalConfig = { jitless: true };
  var wanted = "auto";
  try {
    wanted = localStorage.getItem("mantine-color-scheme-value") || "auto";
  } catch {
    // Storage may be forbidden; the system's own choice is good enough.
  }
  var dark = wanted === "dark" || (wanted === "auto" && matchMedia("(prefers-color-scheme: dark)").matches);
  document.documentElement.setAttribute("data-mantine-color-scheme", dark ? "dark" : "light");
})();

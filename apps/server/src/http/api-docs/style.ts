/** One column of text, the list of addresses beside it where there is room; prints as it stands. */
export const style = `
:root { color-scheme: light dark; --paper: #fbfaf7; --ink: #1d2326; --soft: #55616a; --line: #d9dcda; --code: #f1f1ec; --act: #0b5a60; }
@media (prefers-color-scheme: dark) {
  :root { --paper: #14181a; --ink: #e6e9e8; --soft: #a3adb3; --line: #333b3f; --code: #1d2326; --act: #6fc3c6; }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 14px/1.5 "IBM Plex Sans", system-ui, sans-serif; }
a { color: var(--act); }
:focus-visible { outline: 2px solid var(--act); outline-offset: 2px; }
.frame { display: grid; grid-template-columns: 264px minmax(0, 1fr); }
nav { position: sticky; top: 0; height: 100vh; overflow: auto; padding: 24px 16px; border-right: 1px solid var(--line); }
nav ul { list-style: none; margin: 4px 0 16px; padding: 0; }
nav a { display: flex; padding: 2px 0; text-decoration: none; overflow-wrap: anywhere; }
nav .method { flex: none; }
nav a:hover { text-decoration: underline; }
main { padding: 24px; max-width: 920px; }
h1 { font-size: 28px; line-height: 1.2; margin: 0 0 16px; }
h2 { font-size: 20px; margin: 40px 0 8px; padding-top: 16px; border-top: 1px solid var(--line); text-transform: capitalize; }
h2.plain { text-transform: none; }
h3 { font-size: 14px; margin: 24px 0 4px; font-weight: 600; overflow-wrap: anywhere; }
p { max-width: 72ch; margin: 4px 0 8px; }
code, pre, .method { font-family: "IBM Plex Mono", ui-monospace, monospace; font-size: 13px; }
pre { background: var(--code); border: 1px solid var(--line); border-radius: 6px; padding: 8px 12px; overflow: auto; margin: 4px 0 12px; }
.method { display: inline-block; min-width: 56px; color: var(--act); font-weight: 600; }
.who { color: var(--soft); }
summary { cursor: pointer; color: var(--soft); }
table { border-collapse: collapse; width: 100%; margin: 4px 0 12px; }
th, td { text-align: left; vertical-align: top; padding: 4px 12px 4px 0; border-bottom: 1px solid var(--line); overflow-wrap: anywhere; }
td:first-child, td:nth-child(2), th { white-space: nowrap; }
th { font-weight: 600; color: var(--soft); }
@media (max-width: 760px) {
  .frame { display: block; }
  nav { position: static; height: auto; border: 0; border-bottom: 1px solid var(--line); }
  nav ul ul { display: none; }
  nav > ul { columns: 2; margin: 0; }
  main { padding: 16px; }
  td:first-child { white-space: normal; }
}
@media print { nav { display: none; } .frame { display: block; } }
`;

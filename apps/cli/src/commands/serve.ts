import { serverProgram } from "../run-server-program.ts";

export const command = serverProgram(
  "main.ts",
  `sworn serve [--role api|worker|all] [--port N]

Runs one process of the server. Settings: docs/operate/configure.md.
Exit: 0 stopped as asked, 1 could not start or could not go on.
`,
);

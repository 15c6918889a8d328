import { serverProgram } from "../run-server-program.ts";

export const command = serverProgram(
  "check.ts",
  `sworn check [--checkpoint FILE] [--json]

Recomputes the whole log and the hash of every stored object from what is stored, and says what is wrong with which
item. Changes nothing; runs beside the server or alone, on the server's own machine.

  --checkpoint FILE   a checkpoint that was kept elsewhere: shows a log that was rolled back together with its tiles
  --json              findings as one JSON object

Exit: 0 nothing is wrong, 1 something is, 2 the check could not run.
`,
);

import { serverProgram } from "../run-server-program.ts";

export const command = serverProgram(
  "admin.ts",
  `sworn admin create-agency --name N [--time-zone Z]
sworn admin create-person --email E --role R [--role R] [--name N] [--password P] [--agency ID]
sworn admin create-key --name N --role R [--device NAME] [--agency ID]
sworn admin create-set-up-link
sworn admin recovery-sheet

On the server's own machine, beside the server or alone. --json everywhere. create-person without --password prints a
generated one; create-key prints the key alone: it is shown once.
Exit: 0 done, 1 not done.
`,
);

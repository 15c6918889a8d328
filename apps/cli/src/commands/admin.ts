import { serverProgram } from "../run-server-program.ts";

export const command = serverProgram(
  "admin.ts",
  `sworn admin create-agency --name N [--time-zone Z]
sworn admin create-person --email E --role R [--role R] [--name N] [--password P] [--agency ID]
sworn admin create-key --name N --role R [--device NAME] [--agency ID]
sworn admin create-set-up-link
sworn admin recovery-sheet
sworn admin restore-keys --sheet FILE

On the server's own machine, beside the server or alone. --json everywhere. create-person without --password prints a
generated one; create-key prints the key alone: it is shown once. restore-keys writes both keys of a recovery sheet into an empty data
home; then put the database and the objects back.
Exit: 0 done, 1 not done.
`,
);

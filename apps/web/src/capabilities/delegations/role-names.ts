import { roles } from "@sworn/contract";
import { words } from "../../words/index.ts";

/** As people read them, in a row. */
export function roleNames(held: readonly string[]): string {
  return held
    .map((role) => {
      const known = roles.find((each) => each === role);
      return known === undefined ? role : words.people.admin.roleNames[known];
    })
    .join(", ");
}

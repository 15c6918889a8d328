import type { Words } from "../index.ts";
import { admin } from "./admin.ts";
import { audit } from "./audit.ts";
import { calls } from "./calls.ts";
import { captions } from "./captions.ts";
import { custody } from "./custody.ts";
import { delegations } from "./delegations.ts";
import { derivatives } from "./derivatives.ts";
import { design } from "./design.ts";
import { evidence } from "./evidence.ts";
import { frame } from "./frame.ts";
import { health } from "./health.ts";
import { imports } from "./imports.ts";
import { incidents } from "./incidents.ts";
import { library } from "./library.ts";
import { markers } from "./markers.ts";
import { mine } from "./mine.ts";
import { people } from "./people.ts";
import { related } from "./related.ts";
import { sharing } from "./sharing.ts";
import { shifts } from "./shifts.ts";
import { times } from "./times.ts";
import { today } from "./today.ts";
import { uploads } from "./uploads.ts";

export const spanish: Words = {
  admin,
  audit,
  calls,
  captions,
  custody,
  delegations,
  derivatives,
  design,
  evidence,
  frame,
  health,
  imports,
  incidents,
  library,
  markers,
  mine,
  people,
  related,
  sharing,
  shifts,
  times,
  today,
  uploads,
};

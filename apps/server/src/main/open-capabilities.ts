import { join } from "node:path";
import { mediaUser, openFfmpeg } from "../adapters/ffmpeg/index.ts";
import { openFsBlobStore } from "../adapters/fs/blob-store.ts";
import { FsSpool } from "../adapters/fs/spool.ts";
import { openProvider } from "../adapters/oidc/open-provider.ts";
import { failedJobs, openQueue } from "../adapters/queue/index.ts";
import { assertViewable, assertVisible, uploaderMaySee } from "../capabilities/access/index.ts";
import { auditRoutes } from "../capabilities/audit/index.ts";
import { callRoutes } from "../capabilities/calls/index.ts";
import { captionRoutes } from "../capabilities/captions/index.ts";
import { caseRoutes } from "../capabilities/cases/index.ts";
import { custodyRoutes, type RunningSequencer } from "../capabilities/custody/index.ts";
import { delegationRoutes } from "../capabilities/delegations/index.ts";
import { derivativeRoutes, workDerivatives } from "../capabilities/derivatives/index.ts";
import { healthRoutes, givenUpJobs } from "../capabilities/health/index.ts";
import { identityRoutes } from "../capabilities/identity/index.ts";
import { incidentRoutes, ownTasks } from "../capabilities/incidents/index.ts";
import {
  makeDiskReserve,
  makeEvidenceKeys,
  makeUploadWriters,
  startIntakeWork,
  startSealThreads,
  uploadRoutes,
} from "../capabilities/intake/index.ts";
import { libraryRoutes } from "../capabilities/library/index.ts";
import { markerRoutes, unreadMentions } from "../capabilities/markers/index.ts";
import { mediaRoutes, openScratch, workMedia } from "../capabilities/media/index.ts";
import { playbackRoutes } from "../capabilities/playback/index.ts";
import { positionRoutes, satelliteStart, workPositions } from "../capabilities/positions/index.ts";
import { relatedRoutes } from "../capabilities/related/index.ts";
import { retentionRoutes, workRetention } from "../capabilities/retention/index.ts";
import { makeRecordings, workSealing } from "../capabilities/recordings/index.ts";
import { todayRoutes } from "../capabilities/today/index.ts";
import { sharingRoutes, endingShares } from "../capabilities/sharing/index.ts";
import { shiftRoutes } from "../capabilities/shifts/index.ts";
import { statementRoutes } from "../capabilities/statements/index.ts";
import { timeRoutes } from "../capabilities/times/index.ts";
import { signInRoutes } from "../capabilities/sign-in/index.ts";
import { unitsRoutes } from "../capabilities/units/index.ts";
import { viewsRoutes } from "../capabilities/views/index.ts";
import type { Accounts } from "../ports/accounts.ts";
import { systemClock } from "../ports/clock.ts";
import type { Route } from "../ports/http.ts";
import { TokenBuckets } from "../ports/token-buckets.ts";
import { openSmtp } from "../adapters/smtp/index.ts";
import { makeNotify, workLetters } from "../capabilities/mail/index.ts";
import { homeDiskOf, readLastCheck } from "./data-home-state.ts";
import type { Ground } from "./open-ground.ts";
import type { Overrides } from "./overrides.ts";

/** Wrong passwords at a lock screen: five, then one every two minutes. */
const passwordTries = { burst: 5, perSecond: 1 / 120 } as const;
/** A whole shift behind one address signs in at once. */
const providerBeginnings = { burst: 100, perSecond: 1 } as const;

export interface OpenCapabilities {
  readonly routes: readonly Route[];
  stop(): Promise<void>;
}

/**
 * Gives each capability what it needs, once. Nothing here decides anything. Where one part cannot be opened, those that
 * were are stopped again: a start that failed must leave no worker behind.
 */
export async function openCapabilities(
  ground: Ground,
  accounts: Accounts,
  sequencer: RunningSequencer,
  publicUrl: () => string,
  overrides: Overrides,
): Promise<OpenCapabilities> {
  const undo: (() => Promise<void> | void)[] = [];
  const stop = async (): Promise<void> => {
    for (const step of undo.splice(0)) {
      try {
        await step();
      } catch (err) {
        ground.log.error({ err }, "a part did not stop cleanly");
      }
    }
  };
  try {
    return { routes: await openAll(ground, accounts, sequencer, publicUrl, overrides, undo), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** `undo`: how to stop what runs, in that order: first what takes in work, last what it stands on. */
async function openAll(
  ground: Ground,
  accounts: Accounts,
  sequencer: RunningSequencer,
  publicUrl: () => string,
  overrides: Overrides,
  undo: (() => Promise<void> | void)[],
): Promise<readonly Route[]> {
  const { config, database, custody, tileStore, keyRing, log } = ground;
  const clock = systemClock;
  const works = config.role !== "api";
  const objects = await openFsBlobStore(config.objects);
  undo.unshift(() => objects.close());
  const blobStore = overrides.blobStore?.(objects) ?? objects;
  const ownSpool = await FsSpool.open({ folder: join(config.home, "spool") });
  undo.unshift(() => ownSpool.stop());
  const spool = overrides.spool?.(ownSpool) ?? ownSpool;
  const sealing = startSealThreads();
  undo.unshift(() => sealing.stop());
  const jobs = await openQueue({ connection: ground.appConfig, log, works });
  undo.unshift(() => jobs.stop());
  const diskReserve = makeDiskReserve({ blobStore, clock });
  const evidenceKeys = makeEvidenceKeys({ keyRing });
  const admit = { blobStore, database, evidenceKeys, diskReserve, sealStream: sealing.sealStream };
  const base = { ...admit, custody, clock, jobs, log };

  const mail = config.smtp === null ? null : openSmtp(config.smtp);
  undo.push(() => mail?.close());
  const letters = { database, jobs, clock, log, mail, secret: keyRing.derive("letters"), publicUrl };
  const notify = makeNotify(letters);
  const intake = { ...base, writers: makeUploadWriters(), maySee: uploaderMaySee };
  if (works) {
    const intakeWork = await startIntakeWork(intake);
    undo.unshift(() => intakeWork.stop());
  }
  const recordings = makeRecordings({ ...base, spool }, { rollAfterMs: config.rollMs, silentMs: config.silentMs });
  if (works) await workSealing(base);
  undo.unshift(() => recordings.stop());
  recordings.start();
  if (works) {
    const disk = join(config.home, "scratch");
    const scratch = await openScratch({ memory: "/dev/shm", disk, maxMemory: 512 * 1024 * 1024, user: mediaUser() });
    const hide = [config.home, config.objects];
    const media = openFfmpeg({ log, mediaSandbox: config.mediaSandbox, hide });
    await workMedia({ ...base, media, scratch });
    await workDerivatives({ ...base, media, scratch });
    await workPositions(base);
    await workRetention(base);
    await workLetters(letters);
  }

  const recovery = { sheet: () => Promise.resolve(keyRing.recoverySheet(new Date(clock.now()))) };
  const logFailure = (): string | null => sequencer.failure()?.message ?? null;
  return [
    ...auditRoutes({ database, custody, clock }),
    ...callRoutes(base),
    ...captionRoutes(base),
    ...caseRoutes(base),
    ...custodyRoutes({ database, tileStore }),
    ...delegationRoutes({ ...base, publicUrl }),
    ...derivativeRoutes(base),
    ...healthRoutes({
      database,
      blobStore,
      jobs,
      failedJobs,
      custody,
      clock,
      logFailure,
      homeDisk: () => homeDiskOf(config),
      lastCheck: () => readLastCheck(config.home),
    }),
    ...identityRoutes({ database, accounts, custody, clock, recovery, publicUrl, notify, sendsMail: mail !== null }),
    ...incidentRoutes(base),
    ...libraryRoutes({ database, custody }),
    ...markerRoutes({ database, custody, clock, notify }),
    ...mediaRoutes({ database, jobs, assertVisible }),
    ...playbackRoutes(base),
    ...positionRoutes({ ...base, assertVisible: assertViewable }),
    ...relatedRoutes({ database }),
    ...retentionRoutes(base),
    ...todayRoutes({
      database,
      clock,
      sources: [unreadMentions, ownTasks, endingShares, givenUpJobs(failedJobs)],
    }),
    ...sharingRoutes({ ...base, notify }),
    ...shiftRoutes(base),
    ...statementRoutes(base),
    ...timeRoutes({ ...base, satelliteStart: (agencyId, fileId) => satelliteStart(base, agencyId, fileId) }),
    ...signInRoutes({
      notify,
      database,
      accounts,
      custody,
      clock,
      log,
      publicUrl,
      provider: config.provider === null ? null : openProvider(config.provider, log),
      beginnings: new TokenBuckets(providerBeginnings, clock),
      secret: keyRing.derive("known-browser"),
      tries: new TokenBuckets(passwordTries, clock),
    }),
    ...unitsRoutes(base),
    ...uploadRoutes(intake),
    ...viewsRoutes({ database, clock }),
    ...recordings.routes,
  ];
}

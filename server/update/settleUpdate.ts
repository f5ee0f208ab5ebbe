import { existsSync } from 'node:fs';
import { ServerError } from '../errors.js';
import { openDataDirectory } from '../store/dataDirectory.js';
import { updateLimits } from '../updateLimits.js';
import type { Installation } from './installation.js';
import { hasServedLong } from './servedNote.js';
import { untilHealthy } from './serverHealth.js';
import type { UpdateRecord } from './updateJournal.js';
import { UpdateSteps } from './updateSteps.js';

/** When whoever starts the service asks: `before` its program is started, or `after` it was. */
export const settleMoments = ['before', 'after'] as const;
export type SettleMoment = (typeof settleMoments)[number];

export interface SettleOptions {
  readonly installation: Installation;
  /** Of the server. */
  readonly dataDirectory: string;
  readonly adminPort: number;
  /** Of what was started; null: not known. Where it is gone, nothing is waited for. */
  readonly mainPid: number | null;
  readonly onStep: (text: string) => void;
}

/**
 * Settles an update that was cut short between its switch and its verdict, by a power cut or by
 * whatever ended `rookery update`: so that the version that is new is judged without anybody there.
 * It runs as part of the service's start, from the version before, which is known to run:
 *
 *     before: count the start ─► the new version; started too often ─► the version before
 *     after:  wait until it is healthy ─► the update is finished
 *                               is not ─► the start has failed; it is tried again, or undone
 *
 * Nothing is done while an update runs: that one judges.
 *
 * @returns whether the start is good; false: the service is to be started again
 * @throws ServerError
 */
export async function settleUpdate(moment: SettleMoment, options: SettleOptions): Promise<boolean> {
  const { installation } = options;
  if (!existsSync(installation.workFolder)) return true;
  const alone = openAlone(installation.workFolder);
  if (alone === null) return true;
  try {
    const steps = new UpdateSteps(options);
    const record = steps.read();
    // Where another version was installed meanwhile, nothing is left to be judged.
    const isStale = record?.phase === 'restarting' && installation.current !== record.to;
    if (record === null || isStale) {
      steps.forget();
      return true;
    }
    if (moment === 'after') return await judge(record, steps, options);
    prepare(record, steps, options);
    return true;
  } finally {
    alone.close();
  }
}

/** @returns null while an update runs */
function openAlone(folder: string): { close(): void } | null {
  try {
    return openDataDirectory(folder, 'update');
  } catch (error) {
    if (error instanceof ServerError && error.code === 'dataInUse') return null;
    throw error;
  }
}

/** Decides which version is started now. */
function prepare(record: UpdateRecord, steps: UpdateSteps, options: SettleOptions): void {
  const { dataDirectory, onStep } = options;
  switch (record.phase) {
    case 'fetching':
    case 'unpacking':
    case 'checking':
      // Nothing that runs was touched. The next update clears it away.
      return;
    case 'switching':
      steps.switchOver(record);
      steps.enter({ ...record, starts: 1 }, 'restarting');
      return;
    case 'restarting': {
      const { version } = options.installation.infoOf(record.to);
      if (hasServedLong(dataDirectory, version)) {
        // What people wrote since is worth more than a start that fails now for whatever reason.
        steps.finish(record);
        onStep(`Version ${version} has served for long, so the update is finished`);
        return;
      }
      const starts = record.starts + 1;
      if (starts <= updateLimits.settleStartsMax) steps.enter({ ...record, starts }, 'restarting');
      else undo(record, `it was started ${record.starts} times`, steps, onStep);
      return;
    }
    case 'undoing':
      // What was left may have been migrating data as it was ended.
      steps.goBack(record);
  }
}

async function judge(
  record: UpdateRecord,
  steps: UpdateSteps,
  options: SettleOptions,
): Promise<boolean> {
  const { installation, adminPort, mainPid, onStep } = options;
  if (record.phase !== 'restarting' && record.phase !== 'undoing') return true;
  const isNew = record.phase === 'restarting';
  const { version } = installation.infoOf(isNew ? record.to : record.from);
  onStep(`An update was cut short. Waiting until version ${version} is healthy`);
  // The one before is known to be good, and nothing is left to go back to.
  const timeoutMs = isNew ? record.healthMsMax : updateLimits.settledMsMax;
  const fault = await untilHealthy({ adminPort, version, sinceMs: null, timeoutMs, mainPid });
  if (!isNew) {
    if (fault === null) steps.clear(record);
    onStep(
      fault === null
        ? `Version ${version} is in its place again; the update was undone`
        : `Version ${version} is in its place again, but it is not healthy either: ${fault}`,
    );
    return true;
  }
  if (fault === null) {
    steps.finish(record);
    onStep(`Version ${version} is healthy, and the update finished`);
    return true;
  }
  if (record.starts < updateLimits.settleStartsMax) {
    onStep(`Version ${version} is not healthy: ${fault}. It is started once more`);
  } else undo(record, fault, steps, onStep);
  return false;
}

function undo(
  record: UpdateRecord,
  fault: string,
  steps: UpdateSteps,
  onStep: (text: string) => void,
): void {
  const reason = `version ${record.to} did not become healthy: ${fault}`;
  onStep(`Going back to version ${record.from}, because ${reason}`);
  const undone = { ...record, reason };
  steps.enter(undone, 'undoing');
  steps.goBack(undone);
}

import { execFile } from 'node:child_process';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { ReleaseInfo } from '@rookery/schemas/release/releaseInfo';
import { ServerError } from '../errors.js';
import { newestVersion } from '../store/migrate.js';
import { updateLimits } from '../updateLimits.js';

const run = promisify(execFile);

/** What is asked of a release before anything is changed. */
export interface CheckedRelease {
  readonly folder: string;
  readonly info: ReleaseInfo;
}

/**
 * Tries what was unpacked on this machine: that it runs, that its native parts do, and that it can
 * take over a copy of the data, where it keeps data in another way.
 *
 * @param onStep told what is tried
 * @throws ServerError `updateFailed`
 */
export async function checkRelease(
  { folder, info }: CheckedRelease,
  dataDirectory: string,
  onStep: (text: string) => void,
): Promise<void> {
  const program = join(folder, 'bin', 'rookery');
  const owner = ownerOf(dataDirectory);
  onStep('Trying whether the new version runs here');
  const said = (await runProgram(program, ['--version'], owner)).trim();
  if (said !== info.version) {
    throw new ServerError(
      'updateFailed',
      `The new version says that it is "${said.slice(0, 80)}" and not ${info.version}. Nothing ` +
        'was changed. Tell its publisher.',
    );
  }
  await runProgram(program, ['doctor', '--native-only'], owner);
  const found = newestVersion(dataDirectory);
  if (found === null || found >= info.schemaVersion) return;
  onStep(`Trying on a copy to bring the data from schema ${found} to ${info.schemaVersion}`);
  await runProgram(program, ['try-migration', '--data', dataDirectory], owner);
}

type Owner = { readonly uid: number; readonly gid: number } | Record<string, never>;

/** The new release is tried as the user that the data is of, and never as root on what is his. */
function ownerOf(dataDirectory: string): Owner {
  const stat = statSync(dataDirectory, { throwIfNoEntry: false });
  if (stat === undefined || process.getuid?.() !== 0) return {};
  return { uid: stat.uid, gid: stat.gid };
}

/** @returns what it wrote */
async function runProgram(program: string, args: readonly string[], owner: Owner): Promise<string> {
  const kept = Object.entries(process.env).filter(([name]) => !name.startsWith('ROOKERY_'));
  try {
    const { stdout } = await run(program, args, {
      ...owner,
      cwd: '/',
      env: Object.fromEntries(kept),
      timeout: updateLimits.checkMsMax,
    });
    return stdout;
  } catch (cause) {
    const {
      stdout = '',
      stderr = '',
      message,
    } = cause as { stdout?: string } & {
      stderr?: string;
      message: string;
    };
    const shown = `${stdout}${stderr}`.trim().slice(-2_000) || message;
    throw new ServerError(
      'updateFailed',
      `The new version does not do on this machine: rookery ${args.join(' ')} failed.\n${shown}\n` +
        'Nothing was changed.',
      { cause },
    );
  }
}

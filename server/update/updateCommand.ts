import { accessSync, constants, mkdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, resolve } from 'node:path';
import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { readReleaseInfo } from '@rookery/schemas/release/releaseInfo';
import type { CommandOutput } from '../commandOutput.js';
import { readConfig } from '../config/loadConfig.js';
import type { ServerConfig } from '../config/serverConfig.js';
import { ServerError } from '../errors.js';
import { exit } from '../program.js';
import { openDataDirectory } from '../store/dataDirectory.js';
import { updateLimits } from '../updateLimits.js';
import { serverVersion } from '../version.js';
import { AcceptedManifests } from './acceptedManifests.js';
import { chooseRelease, releaseText, type ChosenRelease } from './chooseRelease.js';
import { isDiskFault, toldDiskFault } from './diskFault.js';
import { Installation, installationOf, notUpdatable } from './installation.js';
import { ownRelease } from './ownRelease.js';
import { settleMoments, settleUpdate, type SettleMoment } from './settleUpdate.js';
import { updateProgress } from './updateProgress.js';
import { Updater, type UpdaterOptions } from './updater.js';
import { holdSignals } from './updateSignals.js';

interface UpdateOptions {
  readonly check?: true;
  readonly rollback?: true;
  readonly json?: true;
  readonly root?: string;
  readonly data?: string;
  readonly config?: string;
  readonly adminPort?: string;
  readonly updateUrl?: string;
  readonly updateKey?: string;
  readonly allowOlder?: true;
  readonly allowStale?: true;
  readonly putDataAside?: true;
  readonly restartCommand?: string;
  readonly healthSeconds: number;
  readonly settle?: SettleMoment;
}

const healthSecondsMax = 600;

/**
 * Runs `rookery update`.
 *
 * @param argv options only
 * @returns the exit code: 0 up to date or updated, 1 refused, failed or undone, 2 wrong usage
 */
export async function runUpdateCommand(
  argv: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
  output: CommandOutput,
): Promise<number> {
  try {
    const options = parse(argv, output);
    if (options.settle !== undefined) return await settle(options.settle, options, env, output);
    const config = configOf(options, env);
    if (options.check === true) await check(options, config, output);
    else await change(options, config, output);
    return exit.stopped;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? exit.stopped : exit.usage;
    if (isDiskFault(error)) {
      output.err(`rookery: ${toldDiskFault(error).message}\n`);
      return exit.failed;
    }
    if (!(error instanceof ServerError)) throw error;
    output.err(`rookery: ${error.message}\n`);
    return error.code === 'invalidConfig' ? exit.usage : exit.failed;
  }
}

function parse(argv: readonly string[], { out, err }: CommandOutput): UpdateOptions {
  return new Command('rookery update')
    .description(
      'Brings an installed server to the newest release, or back. It verifies the release, tries ' +
        'it here, switches, starts the server anew, and goes back by itself where that fails.',
    )
    .option('--check', 'only say whether there is a newer release')
    .option('--rollback', 'go back to the version before')
    .option('--json', 'with --check: print one JSON object')
    .option('--root <DIR>', 'installation to update (default: the one this program is of)')
    .option('--data <DIR>', 'data directory of the server')
    .option('--config <FILE>', 'settings of the server instead of rookery.toml there')
    .option('--admin-port <PORT>', 'admin port of the server')
    .option('--update-url <URL>', 'folder of the release, https')
    .option('--update-key <KEY>', 'public key that releases must be signed by')
    .option('--allow-older', 'also take a release that is older, or the same once more')
    .option('--allow-stale', 'also believe a manifest that has ended, or is older than one before')
    .option('--put-data-aside', 'go back with the data from before the update')
    .option('--restart-command <COMMAND>', 'starts the server anew, instead of systemd')
    .option('--health-seconds <SECONDS>', 'how long it may take to be healthy', seconds, 60)
    .addOption(
      new Option(
        '--settle <WHEN>',
        'for who starts the service: settle what was cut short',
      ).choices(settleMoments),
    )
    .allowExcessArguments(false)
    .exitOverride()
    .configureOutput({ writeOut: out, writeErr: err })
    .configureHelp({ helpWidth: 100 })
    .parse(argv, { from: 'user' })
    .opts<UpdateOptions>();
}

function seconds(text: string): number {
  const value = Number(text);
  if (/^\d{1,3}$/.test(text) && value > 0 && value <= healthSecondsMax) return value;
  throw new InvalidArgumentError(`Allowed: a whole number from 1 to ${healthSecondsMax}.`);
}

function configOf(
  options: UpdateOptions,
  env: Readonly<Record<string, string | undefined>>,
): ServerConfig {
  const given = {
    data: options.data,
    'admin-port': options.adminPort,
    'update-url': options.updateUrl,
    'update-key': options.updateKey,
  };
  const known = Object.entries(given).filter((entry): entry is [string, string] => {
    return entry[1] !== undefined;
  });
  const around = { env, homeDirectory: homedir(), workingDirectory: process.cwd() };
  const configFile = options.config ?? null;
  return readConfig({ options: Object.fromEntries(known), configFile }, around).config;
}

/** @returns null where this program was not installed so that it could be exchanged */
function installationFor({ root }: UpdateOptions): Installation | null {
  if (root !== undefined) return new Installation(resolve(root));
  const release = ownRelease();
  return release === null ? null : installationOf(release);
}

/** What runs, and where to look for what follows it. */
async function newestRelease(
  options: UpdateOptions,
  config: ServerConfig,
  installation: Installation | null,
): Promise<ChosenRelease> {
  const folder = installation?.folderOf(installation.current) ?? ownRelease();
  const info = folder === null ? null : readReleaseInfo(folder);
  const url = config.update.url ?? info?.updateUrl ?? null;
  const key = config.update.key ?? info?.updateKey ?? null;
  if (url === null || key === null) {
    throw new ServerError(
      'invalidConfig',
      `It is not known ${url === null ? 'where releases are' : 'who signs releases'}: this ` +
        'version was not made by a publisher. Set update-url and update-key as they tell you ' +
        '(rookery config set update-url https://…).',
    );
  }
  const installed = { folder, version: info?.version ?? serverVersion };
  const accepted = installation === null ? null : new AcceptedManifests(installation.workFolder);
  const source = { url, key, accepted, mayBeStale: options.allowStale === true };
  return chooseRelease(source, installed, updateLimits);
}

async function check(
  options: UpdateOptions,
  config: ServerConfig,
  { out }: CommandOutput,
): Promise<void> {
  const chosen = await newestRelease(options, config, installationFor(options));
  const { installedVersion, standing, manifest } = chosen;
  const { version, date, notes } = manifest;
  out(
    options.json === true
      ? `${JSON.stringify({ installedVersion, standing, version, date, notes })}\n`
      : `${releaseText(chosen)}\n`,
  );
}

/** @returns `failed` alone where the service is to be started again */
async function settle(
  moment: SettleMoment,
  options: UpdateOptions,
  env: Readonly<Record<string, string | undefined>>,
  { out, err }: CommandOutput,
): Promise<number> {
  try {
    const installation = installationFor(options);
    if (installation === null) return exit.stopped;
    const { dataDirectory, adminPort } = configOf(options, env);
    // systemd tells it to what runs after the start.
    const mainPid = Number(env['MAINPID'] ?? 0) || null;
    const onStep = (text: string): void => out(`${text}.\n`);
    const about = { installation, dataDirectory, adminPort, mainPid, onStep };
    return (await settleUpdate(moment, about)) ? exit.stopped : exit.failed;
  } catch (error) {
    // No server stays away because of this: what is there is started as it is.
    err(`rookery: ${error instanceof Error ? error.message : String(error)}\n`);
    return exit.stopped;
  }
}

async function change(
  options: UpdateOptions,
  config: ServerConfig,
  output: CommandOutput,
): Promise<void> {
  const installation = installationFor(options);
  if (installation === null) {
    throw notUpdatable(
      'This Rookery was not installed by scripts/install.sh, and is updated as it came: ' +
        '`git pull` in a checkout, apt for a Debian package, a newer image for a container',
    );
  }
  // Whoever may not do it is told before anything is fetched.
  accessSync(dirname(installation.folderOf(installation.current)), constants.W_OK);
  mkdirSync(installation.workFolder, { recursive: true, mode: 0o700 });
  const alone = openDataDirectory(installation.workFolder, 'update');
  const updater = new Updater(updaterOptions(options, config, installation, output));
  const letSignalsBe = holdSignals({
    updater,
    say: (text) => output.err(`rookery: ${text}\n`),
    end: () => {
      alone.close();
      process.exit(exit.forced);
    },
  });
  try {
    if (!(await recovered(updater, options, output))) return;
    if (options.rollback === true) {
      await updater.rollBack();
      const { current } = installation;
      output.out(`Rookery ${current} is in its place again; --rollback once more undoes that.\n`);
    } else await bringUp(updater, options, config, installation, output);
  } finally {
    letSignalsBe();
    alone.close();
  }
}

function updaterOptions(
  { restartCommand, healthSeconds, putDataAside }: UpdateOptions,
  { dataDirectory, adminPort }: ServerConfig,
  installation: Installation,
  { out }: CommandOutput,
): UpdaterOptions {
  return {
    ...{ installation, dataDirectory, adminPort, limits: updateLimits },
    restartCommand: restartCommand ?? null,
    healthMsMax: healthSeconds * 1_000,
    mayPutDataAside: putDataAside === true,
    onStep: (text) => out(`${text} …\n`),
    onProgress: updateProgress(out),
  };
}

/** @returns whether what was asked for is still to be done */
async function recovered(
  updater: Updater,
  { rollback }: UpdateOptions,
  { out }: CommandOutput,
): Promise<boolean> {
  switch (await updater.recover()) {
    case 'nothing':
      return true;
    case 'cleared':
      out('An update that was cut short had changed nothing; what it left was removed.\n');
      return true;
    case 'finished':
      out('What was cut short is finished now.\n');
      return rollback !== true;
    case 'undone':
      return rollback !== true;
  }
}

async function bringUp(
  updater: Updater,
  options: UpdateOptions,
  config: ServerConfig,
  installation: Installation,
  { out }: CommandOutput,
): Promise<void> {
  const chosen = await newestRelease(options, config, installation);
  if (chosen.standing === 'same') {
    out(`${releaseText(chosen)}\n`);
    return;
  }
  if (chosen.refusal !== null && options.allowOlder !== true) {
    throw new ServerError('releaseRefused', chosen.refusal);
  }
  const { manifest, address, sha256 } = chosen;
  const { version } = manifest;
  const { current, previous } = installation;
  const isTaken = version === current || version === previous;
  const name = isTaken ? `${version}+${sha256.slice(0, 8)}` : version;
  if (name === current || name === previous) {
    const text = `${version} stands beside the one that runs already. Use --rollback.`;
    throw new ServerError('releaseRefused', text);
  }
  await updater.update(manifest, address, name);
  out(`Rookery ${version} runs. \`rookery update --rollback\` goes back to ${current}.\n`);
}

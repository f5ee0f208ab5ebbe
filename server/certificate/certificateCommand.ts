import { homedir } from 'node:os';
import { fingerprintWords } from '@rookery/schemas/fingerprintWords';
import { fingerprintText } from '@rookery/schemas/loginMessage';
import { Command, CommanderError } from 'commander';
import type { CommandOutput } from '../commandOutput.js';
import { addConfigOptions, givenOptions } from '../config/commandLine.js';
import { readConfig } from '../config/loadConfig.js';
import type { ServerConfig } from '../config/serverConfig.js';
import { ServerError } from '../errors.js';
import { serverLimits } from '../limits.js';
import { createLogger } from '../log/plainLogger.js';
import { exit } from '../program.js';
import { openDataDirectory } from '../store/dataDirectory.js';
import { AcmeDesk } from './acme/acmeDesk.js';
import { AcmeFiles, type AcmeState } from './acme/acmeFiles.js';
import { acmeTimes, orderFor, readShownCertificate } from './certificates.js';
import { openOwnCertificate, type ServerCertificate } from './serverCertificate.js';

/**
 * Runs `rookery certificate show` (also beside a server that runs) or `renew` (while none runs).
 *
 * @param argv the command and its options, which are those of the server
 * @returns the exit code: 0 done, 1 failed, 2 wrong usage
 */
export async function runCertificateCommand(
  argv: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
  output: CommandOutput,
): Promise<number> {
  try {
    await programOf(env, output).parseAsync([...argv], { from: 'user' });
    return exit.stopped;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? exit.stopped : exit.usage;
    if (!(error instanceof ServerError)) throw error;
    output.err(`rookery: ${error.message}\n`);
    return error.code === 'invalidConfig' ? exit.usage : exit.failed;
  }
}

type Format = 'text' | 'json';

function programOf(
  env: Readonly<Record<string, string | undefined>>,
  { out, err }: CommandOutput,
): Command {
  const around = { env, homeDirectory: homedir(), workingDirectory: process.cwd() };
  const program = new Command('rookery certificate')
    .description('Looks after the certificate of a server on this machine.')
    .helpCommand(false)
    .exitOverride()
    .configureOutput({ writeOut: out, writeErr: err });
  const add = (
    name: string,
    description: string,
    run: (config: ServerConfig, format: Format) => Promise<void> | void,
  ): void => {
    const command = addConfigOptions(program.command(name).description(description))
      .option('--json', 'print one JSON object')
      .allowExcessArguments(false)
      .exitOverride()
      .configureHelp({ helpWidth: 100 });
    command.action(async () => {
      const { config } = readConfig(givenOptions(command), around);
      await run(config, command.opts()['json'] === true ? 'json' : 'text');
    });
  };
  add(
    'show',
    'Tells what the certificate is, and what ACME does; also while the server runs.',
    (config, format) => show(config, format, out),
  );
  add(
    'renew',
    'Gets one by ACME now, while no server runs; else: rookery admin certificate --renew.',
    async (config, format) => {
      await renew(config);
      show(config, format, out);
    },
  );
  return program;
}

/** @throws ServerError `unusableCertificate` */
function show(config: ServerConfig, format: Format, out: CommandOutput['out']): void {
  const certificate = readShownCertificate(config, new Date());
  const state = config.acme === null ? null : new AcmeFiles(config.dataDirectory).readState();
  if (format === 'json') out(`${JSON.stringify(fieldsOf(certificate, state))}\n`);
  else
    out(
      linesOf(config, certificate, state)
        .map((line) => `${line}\n`)
        .join(''),
    );
}

function fieldsOf(certificate: ServerCertificate | null, acme: AcmeState | null) {
  if (certificate === null) return { certificate: null, acme };
  const { names, validFrom, validTo, keyFingerprint, fingerprint } = certificate;
  const fingerprints = {
    fingerprint: fingerprintText(keyFingerprint),
    certificateFingerprint: fingerprintText(fingerprint),
  };
  return { certificate: { names, validFrom, validTo, ...fingerprints }, acme };
}

function linesOf(
  { acme, certificateFiles }: ServerConfig,
  certificate: ServerCertificate | null,
  state: AcmeState | null,
): string[] {
  const tries = acme === null ? [] : triesOf(state);
  if (certificate === null) return ['certificate  made at the first start', ...tries];
  const { names, validFrom, validTo, keyFingerprint } = certificate;
  const from = certificateFiles?.certificate ?? acme?.directory ?? 'the server itself';
  return [
    `from         ${from}`,
    `names        ${names.length === 0 ? 'none' : names.join(', ')}`,
    `valid        ${validFrom.toISOString()} to ${validTo.toISOString()}`,
    `fingerprint  ${fingerprintText(keyFingerprint)} (of its key)`,
    `in words     ${fingerprintWords(keyFingerprint).join(' ')}`,
    ...tries,
  ];
}

function triesOf(state: AcmeState | null): string[] {
  if (state === null) return ['ACME         not tried yet'];
  const time = (ms: number | null): string => (ms === null ? 'never' : new Date(ms).toISOString());
  return [
    `last try     ${time(state.lastTryMs)}`,
    `last got     ${time(state.lastSuccessMs)}`,
    `next try     ${time(state.nextTryMs)}`,
    ...(state.lastFault === null ? [] : [`fault        ${state.lastFault}`]),
  ];
}

/** @throws ServerError `invalidConfig`, `dataInUse`, `acmeFailed` */
async function renew(config: ServerConfig): Promise<void> {
  const { acme, dataDirectory, host } = config;
  if (acme === null) {
    throw new ServerError(
      'invalidConfig',
      'Certificates are got by ACME where "acme-domains" and "acme-terms" are set. Files of ' +
        '--certificate are renewed by whoever made them.',
    );
  }
  const release = holdData(dataDirectory);
  try {
    const { privateKey } = await openOwnCertificate(dataDirectory, new Date());
    const files = new AcmeFiles(dataDirectory);
    const accountKey = await files.accountKey();
    const limits = serverLimits.certificate;
    const desk = new AcmeDesk({
      ...{ config: acme, files, privateKey, certificate: null, log: createLogger('silent') },
      ...acmeTimes(limits),
      order: orderFor(host, acme, { accountKey, privateKey, ...limits }),
      onIssued: () => undefined,
    });
    await desk.renew();
    const { lastFault } = desk.status;
    if (lastFault !== null) throw new ServerError('acmeFailed', lastFault);
  } finally {
    release();
  }
}

/** Keeps servers away from the data. @returns gives it free as it was */
function holdData(dataDirectory: string): () => void {
  try {
    const data = openDataDirectory(dataDirectory);
    return () => {
      if (data.ended === 'badly') data.doubt();
      data.close();
    };
  } catch (error) {
    if (!(error instanceof ServerError) || error.code !== 'dataInUse') throw error;
    const text =
      `A server runs on ${dataDirectory}: have it renew its certificate by ` +
      '`rookery admin certificate --renew`.';
    throw new ServerError('dataInUse', text, { cause: error });
  }
}

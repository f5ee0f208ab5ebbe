import { permissionWords, pluginPermissions, type PluginPermission } from '@rookery/plugins/abi';
import type { Role } from '@rookery/schemas/roles';
import { z } from 'zod';
import { ClientError } from '../../engine/clientError.js';
import type { AdminClient } from '../admin/adminClient.js';
import { openAdmin, readAnswer } from '../admin/adminCommand.js';
import type { AdminOptions } from '../admin/loginCommand.js';
import { localTime } from '../localTime.js';
import type { Output } from '../output.js';
import { terminal } from '../passphrasePrompt.js';
import { askYes } from './askYes.js';
import { openPluginFolder } from './authorCommand.js';

/** Of commands that ask whoever runs them. */
export interface AskedOptions extends AdminOptions {
  /** Agreed to already. */
  readonly yes: boolean;
}

const shownPlugin = z.object({
  ...{ name: z.string(), version: z.string(), author: z.string(), description: z.string() },
  permissions: z.array(z.enum(pluginPermissions)),
  commands: z.array(z.object({ name: z.string(), help: z.string() })),
  ...{ sha256: z.string(), isApproved: z.boolean(), isEnabled: z.boolean() },
  ...{ isRunning: z.boolean(), offReason: z.string().nullable() },
  ...{ userId: z.string(), role: z.string() },
  counts: z
    .object({
      ...{ events: z.number(), dropped: z.number(), faults: z.number() },
      ...{ late: z.number(), refused: z.number(), busyMs: z.number(), longestMs: z.number() },
    })
    .nullable(),
});
type ShownPlugin = z.output<typeof shownPlugin>;
const shownPlugins = z.object({
  plugins: z.array(shownPlugin),
  broken: z.array(z.object({ name: z.string(), reason: z.string() })),
});
const shownLog = z.object({
  lines: z.array(z.object({ atMs: z.number(), level: z.string(), text: z.string() })),
  dropped: z.number(),
});

/** Prints all plugins. @throws ClientError, as all of these do */
export async function listPlugins(options: AdminOptions, output: Output): Promise<void> {
  const client = await openAdmin(options);
  const { plugins, broken } = await readPlugins(client);
  const lines = [
    ...plugins.flatMap(pluginWords),
    ...broken.map(({ name, reason }) => `${name}  broken: ${reason}`),
  ];
  const words = lines.length === 0 ? ['no plugins; `rookery plugin install DIR` adds one'] : lines;
  output.table({ event: 'plugins', plugins, broken }, words);
}

/** Hands a plugin to the server, once whoever runs it has agreed to what it asks for. */
export async function installPlugin(
  options: AskedOptions,
  folder: string,
  output: Output,
): Promise<void> {
  const client = await openAdmin(options);
  const { manifestText, manifest, module } = await openPluginFolder(folder);
  const { sha256, permissions } = manifest;
  await agree(options, manifest, output);
  const answer = await client.ask({
    ...{ method: 'POST', path: '/plugins' },
    body: {
      manifest: manifestText,
      module: Buffer.from(module).toString('base64'),
      approval: { sha256, permissions },
    },
  });
  tell('pluginInstalled', readAnswer(shownPlugin, answer, client), output);
}

/** Agrees to what is installed, which may be something else than what was agreed to before. */
export async function approvePlugin(
  options: AskedOptions,
  name: string,
  output: Output,
): Promise<void> {
  const client = await openAdmin(options);
  const plugin = await findPlugin(client, name);
  await agree(options, plugin, output);
  const { sha256, permissions } = plugin;
  const path = `${pathOf(name)}/approval`;
  const answer = await client.ask({ method: 'POST', path, body: { sha256, permissions } });
  tell('pluginApproved', readAnswer(shownPlugin, answer, client), output);
}

export async function switchPlugin(
  options: AdminOptions,
  name: string,
  isEnabled: boolean,
  output: Output,
): Promise<void> {
  const client = await openAdmin(options);
  const path = `${pathOf(name)}/enabled`;
  const answer = await client.ask({ method: 'PUT', path, body: { isEnabled } });
  tell('pluginSwitched', readAnswer(shownPlugin, answer, client), output);
}

export async function removePlugin(
  options: AdminOptions,
  name: string,
  output: Output,
): Promise<void> {
  const client = await openAdmin(options);
  await client.ask({ method: 'DELETE', path: pathOf(name) });
  output.result({ event: 'pluginRemoved', name }, `${name} is removed, with all that it kept`);
}

/** What a plugin may do of moderation follows from its role, as it does for people. */
export async function giveRole(
  options: AdminOptions,
  name: string,
  role: Role,
  output: Output,
): Promise<void> {
  const client = await openAdmin(options);
  const { userId } = await findPlugin(client, name);
  await client.ask({ method: 'PUT', path: `/users/${userId}/role`, body: { role } });
  output.result({ event: 'pluginRole', name, role }, `${name} is ${role} from now on`);
}

export async function showPluginLog(
  options: AdminOptions,
  name: string,
  output: Output,
): Promise<void> {
  const client = await openAdmin(options);
  const answer = await client.ask({ method: 'GET', path: `${pathOf(name)}/log` });
  const { lines, dropped } = readAnswer(shownLog, answer, client);
  const words = lines.map(({ atMs, level, text }) => `${localTime(atMs)} ${level}  ${text}`);
  const missed = dropped === 0 ? [] : [`${dropped} lines came too fast and were dropped`];
  const shown = words.length === 0 ? ['it has logged nothing'] : words;
  output.table({ event: 'pluginLog', name, lines, dropped }, [...shown, ...missed]);
}

async function readPlugins(client: AdminClient): Promise<z.output<typeof shownPlugins>> {
  return readAnswer(shownPlugins, await client.ask({ method: 'GET', path: '/plugins' }), client);
}

async function findPlugin(client: AdminClient, name: string): Promise<ShownPlugin> {
  const { plugins } = await readPlugins(client);
  const found = plugins.find((plugin) => plugin.name === name);
  if (found !== undefined) return found;
  throw new ClientError('commandRefused', `there is no plugin "${name}": see rookery plugin list`);
}

type Asking = Pick<ShownPlugin, 'name' | 'version' | 'author' | 'description' | 'sha256'> & {
  readonly permissions: readonly PluginPermission[];
};

/** Shows what a plugin asks for. @throws ClientError `cancelled` where nobody agrees */
async function agree({ yes }: AskedOptions, asking: Asking, output: Output): Promise<void> {
  const { name, version, author, description, permissions, sha256 } = asking;
  const event = { event: 'pluginAsks', name, version, author, description, permissions, sha256 };
  output.progress(event, `${name} ${version} by ${author}: ${description}`);
  const words = permissions.map((permission) => `${permission} (${permissionWords[permission]})`);
  output.progress(
    { ...event, event: 'pluginPermissions' },
    words.length === 0 ? 'it asks for nothing' : `it wants to: ${words.join('; ')}`,
  );
  if (!yes) await askYes(terminal, 'Have it run with that?');
}

function tell(event: string, plugin: ShownPlugin, output: Output): void {
  const { name, version, isRunning, isEnabled } = plugin;
  const stands = isRunning ? 'runs' : `is ${isEnabled ? 'on, and does not run' : 'off'}`;
  output.result({ event, ...plugin }, `${name} ${version} ${stands}`);
}

function pluginWords(plugin: ShownPlugin): string[] {
  const { name, version, role, description, commands, counts, offReason, isApproved } = plugin;
  const state = plugin.isRunning ? 'runs' : isApproved ? 'off' : 'waits for rookery plugin approve';
  return [
    `${name} ${version}  ${state} as ${role}  ${description}`,
    ...(counts === null ? [] : [`    ${countWords(counts)}`]),
    ...commands.map(({ help }) => `    ${help}`),
    ...(offReason === null ? [] : [`    ${offReason}`]),
  ];
}

/** How a plugin did since it was started. */
function countWords(counts: NonNullable<ShownPlugin['counts']>): string {
  const { events, dropped, faults, late, refused, busyMs, longestMs } = counts;
  const meanMs = events === 0 ? 0 : busyMs / events;
  return [
    `events: ${events} (${meanMs.toFixed(1)} ms each, ${longestMs.toFixed(1)} ms at most)`,
    `dropped: ${dropped}`,
    `faults: ${faults} (too late: ${late})`,
    `calls refused: ${refused}`,
  ].join('; ');
}

/** Names that are no plugin's are the server's to refuse. */
function pathOf(name: string): string {
  return `/plugins/${encodeURIComponent(name)}`;
}

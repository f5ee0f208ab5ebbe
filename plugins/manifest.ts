import { parse, TomlError } from 'smol-toml';
import { z } from 'zod';
import {
  eventPermissions,
  permissionSides,
  pluginEvents,
  pluginPermissions,
  type PluginSide,
} from './abi.js';
import { PluginError } from './errors.js';
import { pluginLimits } from './limits.js';

/** Of folders, commands and settings: one form, so that none can be a path. */
const plainName = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,30}$/, 'small letters, digits and "-", at most 31, a letter first');

const line = (charsMax: number): z.ZodString =>
  z
    .string()
    .min(1)
    .max(charsMax)
    .regex(/^[^\p{Cc}\p{Cf}]*$/u, 'one line without control characters');

const commandSchema = z.strictObject({ name: plainName, help: line(200) });

/** Something that a key can be bound to. Which key it is, its user alone decides and knows. */
const keySchema = z.strictObject({ name: plainName, title: line(60) });

const asked = { start: true, command: true, key: true } as Readonly<Record<string, boolean>>;

const manifestSchema = z
  .strictObject({
    /** Also the name of its folder and, on a server, under which it writes. */
    name: plainName,
    version: line(40),
    author: line(100),
    description: line(300),
    kind: z.enum(['client', 'server', 'both']),
    permissions: z.array(z.enum(pluginPermissions)).max(pluginPermissions.length).default([]),
    /** What it is told of, beside `start`, its commands and its keys. */
    events: z
      .array(z.enum(pluginEvents).refine((name) => asked[name] !== true, 'comes without asking'))
      .max(pluginEvents.length)
      .default([]),
    /** Of plugin.wasm, in hexadecimal. */
    sha256: z.string().regex(/^[0-9a-f]{64}$/, '64 hexadecimal digits in small letters'),
    /** Where its sound stands: what one says before it is sent, or what each of the others says. */
    sound: z.enum(['capture', 'perSpeaker']).optional(),
    commands: z.array(commandSchema).max(16).default([]),
    keys: z.array(keySchema).max(pluginLimits.keysMax).default([]),
    /** Texts that whoever runs it may change; it reads them as Extism's configuration. */
    settings: z.record(plainName, z.string().max(4_096)).default({}),
  })
  .superRefine((manifest, context) => {
    const complain = (path: string, message: string): void =>
      context.addIssue({ code: 'custom', path: [path], message });
    const { kind, permissions, events, sound, commands, keys, settings } = manifest;
    for (const permission of permissions) {
      const sides: readonly string[] = permissionSides[permission];
      if (kind !== 'both' && !sides.includes(kind)) {
        complain('permissions', `"${permission}" has no meaning for kind "${kind}"`);
      }
    }
    for (const event of events) {
      const needed = eventPermissions[event];
      if (needed !== null && !permissions.includes(needed)) {
        complain('events', `"${event}" needs the permission "${needed}"`);
      }
    }
    if ((sound !== undefined) !== permissions.includes('sound')) {
      complain('sound', 'it and the permission "sound" come together');
    }
    if (keys.length > 0 !== permissions.includes('keys')) {
      complain('keys', 'they and the permission "keys" come together');
    }
    const keyNames = new Set(keys.map(({ name }) => name));
    if (keyNames.size < keys.length) complain('keys', 'each has a name of its own');
    if (commands.length > 0 && kind === 'client') complain('commands', 'are for servers');
    if (Object.keys(settings).length > 32) complain('settings', 'at most 32');
  });

/** What a plugin says of itself in `plugin.toml`. */
export type PluginManifest = z.output<typeof manifestSchema>;

/**
 * Reads a manifest.
 *
 * @param text of `plugin.toml`
 * @throws PluginError `badManifest`
 */
export function parseManifest(text: string): PluginManifest {
  if (Buffer.byteLength(text) > pluginLimits.manifestBytesMax) {
    throw badManifest(`it is longer than ${pluginLimits.manifestBytesMax} bytes`);
  }
  const checked = manifestSchema.safeParse(tomlOf(text));
  if (checked.success) return checked.data;
  const faults = checked.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
  throw badManifest(faults.slice(0, 5).join('; '));
}

/** Whether a plugin of this kind runs there. */
export function runsOn({ kind }: Pick<PluginManifest, 'kind'>, side: PluginSide): boolean {
  return kind === side || kind === 'both';
}

function tomlOf(text: string): unknown {
  try {
    return parse(text);
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    throw badManifest(`line ${error.line}: ${error.message.split('\n', 1)[0]}`);
  }
}

function badManifest(why: string): PluginError {
  return new PluginError('badManifest', `plugin.toml is broken: ${why}. Its author can mend it.`);
}

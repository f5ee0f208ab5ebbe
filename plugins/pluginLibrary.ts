import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { eventExport, pluginPermissions, type PluginPermission, type PluginSide } from './abi.js';
import { writeDurably } from './durableWrite.js';
import { PluginError } from './errors.js';
import { examineModule, moduleHash } from './examineModule.js';
import { KeyValueStore } from './keyValueStore.js';
import type { PluginLimits } from './limits.js';
import { parseManifest, runsOn, type PluginManifest } from './manifest.js';
import { readPlainFile } from './readPlainFile.js';

/** What somebody has agreed to: this module, with these permissions. */
export interface Approval {
  readonly sha256: string;
  readonly permissions: readonly PluginPermission[];
}

const standingSchema = z.strictObject({
  approved: z
    .strictObject({ sha256: z.string(), permissions: z.array(z.enum(pluginPermissions)) })
    .nullable(),
  isEnabled: z.boolean(),
  /** Why it was switched off by itself; null where it was not. */
  offReason: z.string().nullable(),
});

/** What is kept of a plugin beside its files. */
export type PluginStanding = z.output<typeof standingSchema>;

export interface InstalledPlugin {
  readonly manifest: PluginManifest;
  readonly standing: PluginStanding;
  /** Whether the approval is for what the manifest says now. */
  readonly isApproved: boolean;
}

/** A plugin that may run: its module is the approved one. */
export interface LoadedPlugin extends InstalledPlugin {
  readonly module: Uint8Array;
}

/** What a folder holds: plugins, and what is wrong with others. */
export interface LibraryList {
  readonly plugins: readonly InstalledPlugin[];
  readonly broken: readonly { readonly name: string; readonly reason: string }[];
}

const files = {
  manifest: 'plugin.toml',
  module: 'plugin.wasm',
  standing: 'standing.json',
  store: 'store.json',
} as const;

/**
 * The plugins that are installed below one folder, each in a folder of its own name:
 *
 *     NAME/plugin.toml  plugin.wasm    as they came
 *     NAME/standing.json               what was approved, whether it is on
 *     NAME/store.json                  what it keeps
 *
 * What does not fit its hash, or was approved as something else, is never loaded.
 */
export class PluginLibrary {
  readonly #folder: string;
  readonly #side: PluginSide;
  readonly #limits: PluginLimits;

  constructor(folder: string, side: PluginSide, limits: PluginLimits) {
    this.#folder = folder;
    this.#side = side;
    this.#limits = limits;
  }

  async list(): Promise<LibraryList> {
    const plugins: InstalledPlugin[] = [];
    const broken: { name: string; reason: string }[] = [];
    for (const name of await this.#names()) {
      try {
        plugins.push(await this.find(name));
      } catch (error) {
        if (!(error instanceof PluginError)) throw error;
        broken.push({ name, reason: error.message });
      }
    }
    return { plugins, broken };
  }

  /** @throws PluginError `noSuchPlugin`, or what is wrong with it */
  async find(name: string): Promise<InstalledPlugin> {
    const manifest = parseManifest(await this.#text(name, files.manifest));
    if (manifest.name !== name) {
      throw new PluginError('badFolder', `The folder "${name}" holds the plugin ${manifest.name}.`);
    }
    const standing = await this.#standing(name);
    return { manifest, standing, isApproved: covers(standing.approved, manifest) };
  }

  /**
   * Copies a plugin, in place of one of its name; what that one kept stays. It is on when it is
   * approved.
   *
   * @param approved null where nobody has agreed yet
   * @throws PluginError; nothing was changed then, unless it is of the disk
   */
  async install(
    manifestText: string,
    module: Uint8Array,
    approved: Approval | null,
  ): Promise<InstalledPlugin> {
    const manifest = parseManifest(manifestText);
    this.#check(manifest, module);
    const names = await this.#names();
    const { pluginsMax } = this.#limits;
    if (!names.includes(manifest.name) && names.length >= pluginsMax) {
      throw new PluginError('tooMany', `There are ${pluginsMax} plugins. Remove one first.`);
    }
    const before = names.includes(manifest.name) ? await this.#standing(manifest.name) : nothing;
    const kept = covers(approved, manifest) ? approved : before.approved;
    const isApproved = covers(kept, manifest);
    const standing = {
      approved: kept && { ...kept, permissions: [...kept.permissions] },
      isEnabled: isApproved,
      offReason: null,
    };
    await mkdir(this.#path(manifest.name, ''), { recursive: true, mode: 0o700 });
    // A crash between them leaves a module that does not fit its hash, which is never run.
    await this.#write(manifest.name, files.module, module);
    await this.#write(manifest.name, files.manifest, manifestText);
    await this.#write(manifest.name, files.standing, JSON.stringify(standing));
    return { manifest, standing, isApproved };
  }

  /**
   * Notes that somebody agreed to what is installed, and switches it on.
   *
   * @throws PluginError `notApproved` where it is something else by now
   */
  async approve(name: string, approval: Approval): Promise<InstalledPlugin> {
    const { manifest } = await this.find(name);
    if (!covers(approval, manifest)) {
      const text = `"${name}" is another one by now. Look at its permissions and approve it again.`;
      throw new PluginError('notApproved', text);
    }
    const permissions = [...approval.permissions];
    return this.#stand(name, {
      ...{ approved: { ...approval, permissions }, isEnabled: true, offReason: null },
    });
  }

  /** @param reason why it is switched off by itself; null where somebody says so */
  async setEnabled(
    name: string,
    isEnabled: boolean,
    reason: string | null = null,
  ): Promise<InstalledPlugin> {
    const { standing } = await this.find(name);
    return this.#stand(name, { ...standing, isEnabled, offReason: reason });
  }

  /** With what it kept. @throws PluginError `noSuchPlugin` */
  async remove(name: string): Promise<void> {
    if (!(await this.#names()).includes(name)) throw noSuchPlugin(name);
    await rm(this.#path(name, ''), { recursive: true });
  }

  /**
   * Reads a plugin that is to run.
   *
   * @throws PluginError `notApproved`, `wrongHash`, `badModule`, …
   */
  async load(name: string): Promise<LoadedPlugin> {
    const installed = await this.find(name);
    const { manifest, isApproved } = installed;
    const module = await this.#read(name, files.module);
    this.#check(manifest, module);
    if (!isApproved) {
      const text = `"${name}" is not approved as it is. "rookery plugin approve ${name}" asks.`;
      throw new PluginError('notApproved', text);
    }
    return { ...installed, module };
  }

  /** What a plugin keeps. @throws PluginError `storageFault` */
  openStore(name: string): Promise<KeyValueStore> {
    return KeyValueStore.open(this.#path(name, files.store), this.#limits);
  }

  #check(manifest: PluginManifest, module: Uint8Array): void {
    const { name, kind, sha256, sound, events } = manifest;
    if (!runsOn(manifest, this.#side)) {
      throw new PluginError('badManifest', `"${name}" is for a ${kind}, not for a ${this.#side}.`);
    }
    if (moduleHash(module) !== sha256) {
      const text = `plugin.wasm of "${name}" is not the one that its plugin.toml names (sha256).`;
      throw new PluginError('wrongHash', `${text} Get both from its author again.`);
    }
    const isOnlySound = sound !== undefined && events.length === 0;
    examineModule(module, this.#limits, isOnlySound ? [] : [eventExport]);
  }

  async #names(): Promise<string[]> {
    try {
      const entries = await readdir(this.#folder, { withFileTypes: true });
      return entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
    } catch (error) {
      if (isAbsent(error)) return [];
      throw unreadable(this.#folder, error);
    }
  }

  async #standing(name: string): Promise<PluginStanding> {
    const text = await this.#text(name, files.standing, JSON.stringify(nothing));
    const parsed = standingSchema.safeParse(jsonOf(text));
    // Who can write there could also approve; what is broken is asked for again.
    return parsed.success ? parsed.data : nothing;
  }

  async #stand(name: string, standing: PluginStanding): Promise<InstalledPlugin> {
    await this.#write(name, files.standing, JSON.stringify(standing));
    return this.find(name);
  }

  async #text(name: string, file: string, ifAbsent?: string): Promise<string> {
    return new TextDecoder().decode(await this.#read(name, file, ifAbsent));
  }

  async #read(name: string, file: string, ifAbsent?: string): Promise<Uint8Array> {
    const path = this.#path(name, file);
    try {
      const { moduleBytesMax, manifestBytesMax } = this.#limits;
      const bytesMax = file === files.module ? moduleBytesMax : manifestBytesMax;
      return await readPlainFile(path, bytesMax);
    } catch (error) {
      if (error instanceof PluginError) throw error;
      if (!isAbsent(error)) throw unreadable(path, error);
      if (ifAbsent === undefined) throw noSuchPlugin(name, error);
      return new TextEncoder().encode(ifAbsent);
    }
  }

  async #write(name: string, file: string, content: string | Uint8Array): Promise<void> {
    const path = this.#path(name, file);
    try {
      await writeDurably(path, content);
    } catch (cause) {
      const text = `${path} cannot be written. Look at the disk and at who owns the folder.`;
      throw new PluginError('storageFault', text, { cause });
    }
  }

  /** Names come from outside, too: one that is no plugin's is no path. */
  #path(name: string, file: string): string {
    if (!/^[a-z][a-z0-9-]{0,30}$/.test(name)) throw noSuchPlugin(name);
    return join(this.#folder, name, file);
  }
}

const nothing: PluginStanding = { approved: null, isEnabled: false, offReason: null };

/** Whether somebody agreed to all of what a manifest asks for. */
function covers(approved: Approval | null, { sha256, permissions }: PluginManifest): boolean {
  return (
    approved?.sha256 === sha256 && permissions.every((one) => approved.permissions.includes(one))
  );
}

function noSuchPlugin(name: string, cause?: unknown): PluginError {
  const text = `There is no plugin "${name.slice(0, 40)}". "rookery plugin list" names them.`;
  return new PluginError('noSuchPlugin', text, { cause });
}

function unreadable(path: string, cause: unknown): PluginError {
  const text = `${path} cannot be read. Look at the disk and at who owns the folder.`;
  return new PluginError('storageFault', text, { cause });
}

function isAbsent(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

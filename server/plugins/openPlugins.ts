import { assertPluginLimits } from '@rookery/plugins/limits';
import { PluginLibrary } from '@rookery/plugins/pluginLibrary';
import { PluginDesk, type PluginDeskOptions } from './pluginDesk.js';

export interface OpenPluginsOptions extends Omit<PluginDeskOptions, 'library'> {
  /** With a folder for each plugin; it may not be there. */
  readonly folder: string;
}

/** @returns the desk, which runs nothing before its open() */
export function openPlugins({ folder, ...options }: OpenPluginsOptions): PluginDesk {
  const { plugin } = options.limits;
  assertPluginLimits(plugin);
  return new PluginDesk({ ...options, library: new PluginLibrary(folder, 'server', plugin) });
}

import { fileURLToPath } from 'node:url';
import { buildPlugin, type PluginFiles } from '@rookery/plugins/buildPlugin';

/** The example of a plugin with keys and a panel, compiled. @param outFolder gets its two files */
export function buildStopwatch(outFolder: string): Promise<PluginFiles> {
  // Seen from the compiled file.
  const folder = new URL('../../../../../examples/plugins/stopwatch', import.meta.url);
  return buildPlugin(fileURLToPath(folder), outFolder);
}

import { manifestOf } from '@rookery/plugins/testing/pluginStage';

/** The `plugin.toml` of a module that changes the own voice. */
export function soundManifest(name: string, module: Uint8Array): string {
  const lines = ['kind = "client"', 'permissions = ["sound"]', 'sound = "capture"'];
  return manifestOf(module, { name, lines });
}

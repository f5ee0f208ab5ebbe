import { mkdir, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { writeFileAtomically } from '../engine/profileFile.js';

/** Where desktops on Linux look for what is to start (freedesktop.org, Autostart specification). */
export function autoStartPath(configFolder: string): string {
  return join(configFolder, 'autostart', 'rookery.desktop');
}

/**
 * An entry of that folder. Pure.
 *
 * @param program path of the program, and what it is started with
 */
export function autoStartEntry(program: readonly string[]): string {
  const lines = [
    '[Desktop Entry]',
    'Type=Application',
    'Name=Rookery',
    `Exec=${program.map(quoted).join(' ')}`,
    'Terminal=false',
    'X-GNOME-Autostart-enabled=true',
  ];
  return `${lines.join('\n')}\n`;
}

/**
 * Desktop entry specification, "The Exec key": quotes protect, but for four characters, and % means
 * something. The line itself takes away one more backslash of each two.
 */
function quoted(argument: string): string {
  const inQuotes = argument.replaceAll(/["`$\\]/g, '\\$&').replaceAll('\\', '\\\\');
  return `"${inQuotes.replaceAll('%', '%%')}"`;
}

/** Makes the entry, or takes it away. @param program null: it is not to start */
export async function writeAutoStart(
  configFolder: string,
  program: readonly string[] | null,
): Promise<void> {
  const path = autoStartPath(configFolder);
  if (program === null) {
    await rm(path, { force: true });
    return;
  }
  await mkdir(dirname(path), { recursive: true });
  await writeFileAtomically(path, autoStartEntry(program));
}

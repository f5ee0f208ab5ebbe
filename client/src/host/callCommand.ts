import { commandNames, type CommandGroup, type CommandParts } from '../bridge/remoteCommands.js';
import { ClientError } from '../engine/clientError.js';

/**
 * Carries out what a window called, as far as `commandNames` lets windows.
 *
 * @param command "group.method"
 * @throws ClientError `invalidInput` where there is no such command, else as the command
 */
export async function callCommand(
  parts: CommandParts,
  command: string,
  args: readonly unknown[],
): Promise<unknown> {
  const [group = '', name = ''] = command.split('.', 2);
  if (!isGroup(group) || !(commandNames[group] as readonly string[]).includes(name)) {
    throw new ClientError('invalidInput', `there is no command "${command}"`);
  }
  const part = parts[group];
  const method = Reflect.get(part, name) as (...given: readonly unknown[]) => unknown;
  return await method.apply(part, [...args]);
}

function isGroup(name: string): name is CommandGroup {
  return Object.hasOwn(commandNames, name);
}

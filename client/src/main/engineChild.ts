import { utilityProcess, type MessagePortMain } from 'electron';
import type { EngineChild } from './engineKeeper.js';
import { programArguments, type ProgramOptions } from './programArguments.js';
import type { ShellNews } from './shellMessages.js';

/**
 * Starts the engine in a process of its own.
 *
 * @param options with the folder of the profile; the usual one where it is left out
 */
export function startEngineChild(
  entry: string,
  options: ProgramOptions,
): EngineChild<MessagePortMain> {
  const started = utilityProcess.fork(entry, programArguments(options), {
    serviceName: 'Rookery engine',
    // Each open stream of sound occupies one thread of this pool.
    env: { ...process.env, UV_THREADPOOL_SIZE: '16' },
  });
  const child: EngineChild<MessagePortMain> = {
    post: (order, ports) => started.postMessage(order, [...ports]),
    kill: () => void started.kill(),
    onNews: () => undefined,
    onExit: () => undefined,
  };
  started.on('message', (news: ShellNews) => child.onNews(news));
  started.on('exit', () => child.onExit());
  return child;
}

import type { HostPort } from '../bridge/bridgeMessages.js';
import { ClientError } from '../engine/clientError.js';
import { ClientLog } from './clientLog.js';
import { DeveloperTools, type DeveloperHost } from './developerTools.js';
import { happenings } from './stateLog.js';

/** Come with each key that is pressed, and say nothing. */
const unloggedCommands: ReadonlySet<string> = new Set([
  'engine.typing',
  'engine.stopTyping',
  'sound.setKey',
  // Of one file there may be thousands.
  'windowFiles.nextPiece',
  'windowFiles.readDownload',
  'shell.keyAction',
  'developer.pinState',
  'developer.hashPinned',
]);

/** What developers are served with: the log of this process, and the tools of each window. */
export class DeveloperDesk {
  readonly log: ClientLog;
  private readonly host: DeveloperHost;
  private readonly tools = new Map<HostPort, DeveloperTools>();
  private readonly stopFollowing: () => void;
  private readonly onWarning = ({ name, message }: Error): void =>
    this.log.add({ level: 'warn', part: 'process', text: message, fields: { name } });

  /** @param onChange what the log shows is another */
  constructor(host: Omit<DeveloperHost, 'log'>, onChange: () => void) {
    this.log = new ClientLog(onChange);
    this.host = { ...host, log: this.log };
    const { engine } = host;
    let last = engine.state;
    this.stopFollowing = engine.subscribe((state) => {
      for (const happening of happenings(last, state)) this.log.add(happening);
      last = state;
    });
    process.on('warning', this.onWarning);
  }

  /** The tools of a window, from its first call until it is gone. */
  toolsOf(port: HostPort): DeveloperTools {
    const tools = this.tools.get(port) ?? new DeveloperTools(this.host);
    this.tools.set(port, tools);
    return tools;
  }

  /** Does what a window asked for, and logs how it went: its name, and never what it was given. */
  async logged(command: string, work: () => Promise<unknown>): Promise<unknown> {
    const startMs = performance.now();
    const took = (): number => Math.round(performance.now() - startMs);
    try {
      const result = await work();
      if (!unloggedCommands.has(command)) {
        this.log.add({ level: 'debug', part: 'commands', text: command, fields: { ms: took() } });
      }
      return result;
    } catch (error) {
      const code = error instanceof ClientError ? error.code : 'internal';
      const reason = error instanceof Error ? error.message : String(error);
      const fields = { code, reason, ms: took() };
      const level = code === 'internal' ? 'error' : 'warn';
      this.log.add({ level, part: 'commands', text: command.slice(0, 64), fields });
      throw error;
    }
  }

  windowGone(port: HostPort): void {
    this.tools.get(port)?.close();
    this.tools.delete(port);
  }

  close(): void {
    process.off('warning', this.onWarning);
    this.stopFollowing();
    for (const tools of this.tools.values()) tools.close();
    this.tools.clear();
  }
}

import { ClientError } from '../engine/clientError.js';
import { BotHost } from './botHost.js';
import type { BotReport, ToBotProcess } from './botMessages.js';
import { answerRequests } from './requestChannel.js';

/** Process entry: some hundreds of bots, until they are told to leave or nobody asks any more. */
function serve(): void {
  // Of a terminal's Ctrl-C the process hears that started this one, which lets the bots leave.
  process.on('SIGINT', () => undefined);
  let host: BotHost | null = null;
  answerRequests(async (request: ToBotProcess): Promise<BotReport> => {
    if (request.type === 'setUp') {
      host = new BotHost(request);
      void host.join();
      return host.look();
    }
    if (host === null) throw new ClientError('internal', 'bots were asked for before they came');
    if (request.type === 'speak') await host.speak();
    if (request.type === 'hush') host.hush();
    if (request.type === 'leave') await host.leave();
    return host.look();
  });
}

serve();

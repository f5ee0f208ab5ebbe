import { BenchError } from '../benchError.js';
import { answerRequests } from '../requestChannel.js';
import { SessionHost } from './sessionHost.js';
import type { FromSessionProcess, ToSessionProcess } from './sessionMessages.js';

/** Process entry that logs sessions in and keeps them alive until it is told to close them. */
function serve(): void {
  let host: SessionHost | null = null;
  answerRequests(async (request: ToSessionProcess): Promise<FromSessionProcess> => {
    if (request.type === 'open') {
      host = new SessionHost(request.port);
      const { rooms, membersPerRoom, guests } = request;
      await host.logIn(rooms * membersPerRoom + guests);
      return { type: 'opened', ...(await host.openRooms(rooms, membersPerRoom)) };
    }
    if (request.type === 'write') {
      if (host === null) throw new BenchError('refused', 'Nobody is there to write.');
      return { type: 'written', written: await host.write(request.writing) };
    }
    const lost = host?.lost ?? 0;
    if (request.type === 'countLost') return { type: 'lost', lost };
    await host?.close();
    return { type: 'closed', lost };
  });
}

serve();

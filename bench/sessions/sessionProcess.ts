import { answerRequests } from '../requestChannel.js';
import { SessionHost } from './sessionHost.js';
import type { FromSessionProcess, ToSessionProcess } from './sessionMessages.js';

/** Process entry that logs sessions in and keeps them alive until it is told to close them. */
function serve(): void {
  let host: SessionHost | null = null;
  answerRequests(async (request: ToSessionProcess): Promise<FromSessionProcess> => {
    if (request.type === 'open') {
      host = new SessionHost(request.port);
      await host.logIn(request.rooms * request.membersPerRoom);
      return { type: 'opened', ...(await host.openRooms(request.rooms, request.membersPerRoom)) };
    }
    const lost = host?.lost ?? 0;
    await host?.close();
    return { type: 'closed', lost };
  });
}

serve();

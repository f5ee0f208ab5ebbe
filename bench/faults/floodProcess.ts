import { answerRequests } from '../requestChannel.js';
import { Flooder } from './flooder.js';
import type { FloodReply, FloodRequest } from './floodMessages.js';

/** Process entry of a flooder: floods when it is asked to. */
function serve(): void {
  let flooder: Flooder | null = null;
  answerRequests(async (request: FloodRequest): Promise<FloodReply> => {
    if (request.type === 'setUp') {
      flooder = await Flooder.open(request.port, request.session);
      return { packetsSent: 0 };
    }
    if (flooder === null) throw new Error('a flood was asked for before the set-up');
    const { kind, packetsPerSecond, seconds } = request;
    return { packetsSent: await flooder.flood(kind, packetsPerSecond, seconds) };
  });
}

serve();

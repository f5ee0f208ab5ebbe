import { BenchError } from '../benchError.js';
import { answerRequests } from '../requestChannel.js';
import type { FromCrowd, ToCrowd } from './crowdMessages.js';
import { ReturningCrowd } from './returningCrowd.js';

/** Process entry of a crowd that loses its server and comes back. */
function serve(): void {
  let crowd: ReturningCrowd | null = null;
  answerRequests(async (request: ToCrowd): Promise<FromCrowd> => {
    if (request.type === 'settle') {
      crowd = new ReturningCrowd(request.port, request.users);
      await crowd.settle(request.usersPerRoom);
      return null;
    }
    if (crowd === null) throw new BenchError('refused', 'Nobody is there to come back.');
    if (request.type === 'lose') await crowd.lose();
    else if (request.type === 'leave') crowd.leave(request.count);
    else if (request.type === 'logInQuietly') await crowd.logInQuietly(request.count);
    else if (request.type === 'comeBack') return await crowd.comeBack(request.timeoutMs);
    else return await crowd.outliveRestart(request.timeoutMs);
    return null;
  });
}

serve();

import { answerRequests } from '../requestChannel.js';
import { LoadGenerator } from './loadGenerator.js';
import type { FromLoadProcess, ToLoadProcess } from './loadMessages.js';

/** Process entry of the load generator: does what the process that forked it asks for. */
function serve(): void {
  let generator: LoadGenerator | null = null;
  answerRequests(async (request: ToLoadProcess): Promise<FromLoadProcess> => {
    if (request.type === 'setUp') {
      await generator?.close();
      generator = await LoadGenerator.open(request);
      return { type: 'ready', socketKind: generator.socketKind };
    }
    if (generator === null) throw new Error('a run was asked for before the set-up');
    return { type: 'result', result: await generator.run(request) };
  });
}

serve();

import { answerRequests } from '../requestChannel.js';
import type { FromFlood, ToFlood } from './floodMessages.js';
import { floodWithWrongLogins } from './wrongLogins.js';

/** Process entry of those who try wrong passwords. */
answerRequests(({ port, perSecond, seconds }: ToFlood): Promise<FromFlood> =>
  floodWithWrongLogins(port, perSecond, seconds),
);

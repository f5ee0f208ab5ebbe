import { setPriority } from 'node:os';
import { answerRequests } from '../requestChannel.js';
import type { FromFlood, ToFlood } from './floodMessages.js';
import { floodWithWrongLogins } from './wrongLogins.js';

/** Above 0 is less than the others get; below 10, as the server's hashing of passwords has. */
const nice = 5;

/**
 * Process entry of those who try wrong passwords. What they compute they compute elsewhere: here it
 * gives way, so that it takes no processor from the server and from those who are measured.
 */
setPriority(nice);
answerRequests(({ port, perSecond, seconds }: ToFlood): Promise<FromFlood> =>
  floodWithWrongLogins(port, perSecond, seconds),
);

import { AcmeServer } from './acmeServer.js';

/*
 * An authority in a process of its own, for tests of those who never load the server. Argument: the
 * port of challenges. It has enough of orders for two hours until SIGUSR2 calms it down, and ends
 * with SIGINT.
 */
const authority = await AcmeServer.start();
authority.challengePort = Number(process.argv[2]);
Object.assign(authority.troubles, { isRateLimited: true, retryAfter: '7200' });
process.on('SIGUSR2', () => authority.calmDown());
process.once('SIGINT', () => void authority.close());
process.stdout.write(`${JSON.stringify({ event: 'ready', directory: authority.directory })}\n`);

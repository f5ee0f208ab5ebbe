import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { ResumeTicket } from '@rookery/schemas/messages';
import { z } from 'zod';
import { withFileLock } from './fileLock.js';
import { readFileIfPresent, writeFileAtomically } from './profileFile.js';
import { formatServerAddress, type ServerAddress } from './serverAddress.js';

const fileName = 'resume_tickets.json';

const ticketsFile = z.strictObject({
  version: z.literal(1),
  /** Keyed by formatServerAddress(). */
  servers: z.record(
    z.string(),
    z.strictObject({
      /** Of 32 bytes, in base64. */
      ticket: z.string().regex(/^[A-Za-z0-9+/]{43}=$/),
      /** Milliseconds since 1970. */
      expiresAtMs: z.number(),
    }),
  ),
});
type TicketsFile = z.infer<typeof ticketsFile>;

/**
 * Tickets that stand for a server's password in the next login, in a file of the profile that only
 * its owner can read. They can be lost without harm: then the password is asked for. So nothing
 * here rejects because of what the file holds.
 */
export class ResumeTickets {
  /** Changes of the file, one after another. */
  private saving: Promise<void> = Promise.resolve();

  constructor(private readonly profileFolder: string) {}

  /** @returns 32 bytes, or null where there is none that may be good */
  async find(address: ServerAddress): Promise<Uint8Array | null> {
    await this.saving;
    const entry = (await this.read()).servers[formatServerAddress(address)];
    if (entry === undefined || entry.expiresAtMs <= Date.now()) return null;
    return new Uint8Array(Buffer.from(entry.ticket, 'base64'));
  }

  keep(address: ServerAddress, { ticket, validSeconds }: ResumeTicket): void {
    const expiresAtMs = Date.now() + validSeconds * 1_000;
    const entry = { ticket: Buffer.from(ticket).toString('base64'), expiresAtMs };
    this.change((servers) => ({ ...servers, [formatServerAddress(address)]: entry }));
  }

  /** The server did not take it. */
  drop(address: ServerAddress): void {
    const key = formatServerAddress(address);
    this.change((servers) =>
      Object.fromEntries(Object.entries(servers).filter(([server]) => server !== key)),
    );
  }

  /** Resolves when all is written. */
  async settled(): Promise<void> {
    await this.saving;
  }

  private change(next: (servers: TicketsFile['servers']) => TicketsFile['servers']): void {
    const path = this.path;
    const write = async (): Promise<void> => {
      await mkdir(this.profileFolder, { recursive: true, mode: 0o700 });
      await withFileLock(`${path}.lock`, async () => {
        const servers = next((await this.read()).servers);
        await writeFileAtomically(path, `${JSON.stringify({ version: 1, servers }, null, 2)}\n`);
      });
    };
    // A profile that cannot be written costs a password, and no session.
    this.saving = this.saving.then(write).catch(() => undefined);
  }

  private async read(): Promise<TicketsFile> {
    try {
      const text = await readFileIfPresent(this.path);
      if (text !== null) return ticketsFile.parse(JSON.parse(text));
    } catch {
      // Whatever it is, it holds no ticket.
    }
    return { version: 1, servers: {} };
  }

  private get path(): string {
    return join(this.profileFolder, fileName);
  }
}

import { RookeryProcess, type Outcome } from './rookeryProcess.js';

/** A real server in a process of its own, on loopback and ports that the kernel chose. */
export class TestServer {
  private constructor(
    private readonly process: RookeryProcess,
    /** HOST:PORT for `--server`. */
    readonly address: string,
    readonly fingerprint: string,
    /** The ports, as options of another server in its place. */
    readonly portOptions: readonly string[],
    readonly adminPort: number,
    /** null where the admin interface answers this machine alone. */
    readonly adminTlsPort: number | null,
  ) {}

  /**
   * @param dataFolder kept by the caller: the certificate lives there.
   * @param options more of the server's options.
   */
  static async start(dataFolder: string, options: readonly string[] = []): Promise<TestServer> {
    const ports = ['--port', '--voice-port', '--admin-port'].flatMap((name) => [name, '0']);
    const process = new RookeryProcess([
      'server',
      '--json',
      ...['--data', dataFolder],
      ...['--host', '127.0.0.1'],
      ...['--everyone-is', 'admin'],
      // Each takes a quarter of a second to get ready, and one is enough for a few clients.
      ...['--relay-workers', '1'],
      // The later of two equal options counts.
      ...ports,
      ...options,
    ]);
    const { quic, voice, admin, adminTls, fingerprint } = await process.event('started');
    const [quicPort, voicePort, adminPort] = [quic, voice, admin].map(
      (bound) => (bound as { port: number }).port,
    );
    return new TestServer(
      process,
      `127.0.0.1:${quicPort}`,
      fingerprint as string,
      [...['--port', `${quicPort}`], ...['--voice-port', `${voicePort}`]],
      adminPort!,
      (adminTls as { port: number } | null)?.port ?? null,
    );
  }

  get pid(): number {
    return this.process.pid;
  }

  /** Ends it as a crash would. */
  kill(): Promise<void> {
    return this.process.kill();
  }

  stop(): Promise<Outcome> {
    return this.process.stop();
  }
}

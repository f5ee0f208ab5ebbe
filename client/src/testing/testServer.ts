import { RookeryProcess, type Outcome } from './rookeryProcess.js';

/** A real server in a process of its own, on loopback and ports that the kernel chose. */
export class TestServer {
  private constructor(
    private readonly process: RookeryProcess,
    /** HOST:PORT for `--server`. */
    readonly address: string,
    readonly fingerprint: string,
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
      // The later of two equal options counts.
      ...ports,
      ...options,
    ]);
    const { quic, fingerprint } = await process.event('started');
    const { port } = quic as { port: number };
    return new TestServer(process, `127.0.0.1:${port}`, fingerprint as string);
  }

  stop(): Promise<Outcome> {
    return this.process.stop();
  }
}

/** What the bench and its load generator say to each other. */

export interface LoadSession {
  readonly token: number;
  /** 16 bytes. */
  readonly hopKey: Uint8Array;
  /** Index in `LoadTarget.rooms`. */
  readonly room: number;
}

export interface LoadRoom {
  readonly epoch: number;
  /** 32 bytes. */
  readonly key: Uint8Array;
}

/** Who is put under load: a relay, and what it knows of the sessions. */
export interface LoadTarget {
  /** UDP port on 127.0.0.1. */
  readonly port: number;
  /** Process whose CPU is measured. */
  readonly pid: number;
  readonly sessions: readonly LoadSession[];
  readonly rooms: readonly LoadRoom[];
}

export interface LoadSetup {
  readonly type: 'setUp';
  readonly target: LoadTarget;
  /** Sockets that the sessions share. */
  readonly sockets: number;
  /** Opus bytes of a frame. */
  readonly payloadBytes: number;
}

export interface LoadRun {
  readonly type: 'run';
  /** The first members of each room. */
  readonly speakersPerRoom: number;
  /** Of each speaker. */
  readonly framesPerSecond: number;
  readonly warmUpSeconds: number;
  /** Measured, after warming up. */
  readonly seconds: number;
}

export type ToLoadProcess = LoadSetup | LoadRun;

export type FromLoadProcess =
  | { readonly type: 'ready'; readonly socketKind: 'batch' | 'portable' }
  | { readonly type: 'result'; readonly result: LoadResult };

/** All of the frames sent within the measured seconds, wherever they were received. */
export interface LoadResult {
  readonly seconds: number;
  readonly framesSent: number;
  /** Frames sent × those who should hear each. */
  readonly framesExpected: number;
  readonly framesDelivered: number;
  /** Frames beyond those expected: somebody heard one twice, or what was not for them. */
  readonly framesSurplus: number;
  /** Voice and bundle datagrams that brought the delivered frames. */
  readonly packetsDelivered: number;
  readonly bundlesDelivered: number;
  /** Frames opened with the room's key, and those of them that were not what was sent. */
  readonly framesVerified: number;
  readonly framesFalse: number;
  /** Datagrams that are no packet of the protocol. */
  readonly packetsMalformed: number;
  /** Datagrams that the kernel dropped because a socket of the generator was full. */
  readonly generatorDrops: number;
  readonly generatorCpuSeconds: number;
  /** How late a frame was sent at most. */
  readonly pacingLagUsMax: number;
  readonly delayP50Us: number;
  readonly delayP95Us: number;
  readonly delayP99Us: number;
  readonly delayMaxUs: number;
  /** For each speaker the longest time in which nothing of it came to anybody. */
  readonly silencesUs: readonly number[];
  /** Of the target's process: exact, and about how it was spent. */
  readonly cpuSeconds: number;
  readonly userSeconds: number;
  readonly systemSeconds: number;
  readonly mainThreadSeconds: number;
  /** Of all its other threads, the busiest first. */
  readonly otherThreadSeconds: readonly number[];
  readonly residentBytes: number;
}

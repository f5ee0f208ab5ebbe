import { openPortableUdpSocket } from './portableUdpSocket.js';
import type { UdpSocketMaker } from './udpSocket.js';

/**
 * Opens a socket for a few packets at a time, as a client's voice is: the portable one. Who sends
 * many at once has `quicSocket.ts`, and the relay `linuxBatchSocket.ts`.
 */
export const openUdpSocket: UdpSocketMaker = openPortableUdpSocket;

import { openPortableUdpSocket } from './portableUdpSocket.js';
import type { UdpSocketMaker } from './udpSocket.js';

/** Opens a socket with the fastest maker that this platform has. Today that is the portable one. */
export const openUdpSocket: UdpSocketMaker = openPortableUdpSocket;

import type { QuicCounters } from './quicTypes.js';

/** Counters of an endpoint that has done nothing yet. */
export function newQuicCounters(): QuicCounters {
  return {
    packetsIn: 0,
    packetsOut: 0,
    accepted: 0,
    established: 0,
    closed: 0,
    retriesSent: 0,
    versionNegotiationsSent: 0,
    statelessResetsSent: 0,
    refusalsSent: 0,
    droppedMalformed: 0,
    droppedUnknownConnection: 0,
    droppedInvalidToken: 0,
    droppedConnectionLimit: 0,
    droppedAddressLimit: 0,
    droppedBarredAddress: 0,
    droppedHandshakeLimit: 0,
    droppedRate: 0,
    droppedDatagrams: 0,
  };
}

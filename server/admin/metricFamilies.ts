import type { PluginCounts } from '@rookery/plugins/runningPlugin';
import type { ServerStats } from './serverStats.js';

/** One figure, or one for each value of a label of which there are few. */
export interface MetricFamily {
  /** As Prometheus wants it: base units, counters end in `_total`. */
  readonly name: string;
  readonly help: string;
  readonly type: 'gauge' | 'counter';
  /** Name of the label where `read` tells several. */
  readonly label?: string;
  readonly read: (stats: ServerStats) => number | Readonly<Record<string, number>>;
}

type Read = MetricFamily['read'];

const gauge = (name: string, help: string, read: Read): MetricFamily => {
  return { name: `rookery_${name}`, help, type: 'gauge', read };
};
const counter = (name: string, help: string, read: Read, label?: string): MetricFamily => {
  const labelled = label !== undefined && { label };
  return { name: `rookery_${name}_total`, help, type: 'counter', read, ...labelled };
};

/** "dropNoRoom" of "drop" is "no_room". */
const reasonOf = (name: string, prefix: string): string =>
  name
    .slice(prefix.length)
    .replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
    .replace(/^_/, '');

/** The counts whose names begin so, by the rest of the name. */
function reasons(counts: object, prefix: string): Record<string, number> {
  const found = Object.entries(counts).filter(([name]) => name.startsWith(prefix));
  return Object.fromEntries(
    found.map(([name, count]) => [reasonOf(name, prefix), count as number]),
  );
}

/** One count of each plugin that runs, by its name: there are few. */
function ofPlugins(
  stats: ServerStats,
  count: keyof PluginCounts,
  divisor = 1,
): Record<string, number> {
  const entries = Object.entries(stats.plugins);
  return Object.fromEntries(entries.map(([name, counts]) => [name, counts[count] / divisor]));
}

/** Everything that is one number at a time; the histograms stand in metrics.ts. */
export const metricFamilies: readonly MetricFamily[] = [
  gauge('uptime_seconds', 'Since the server started.', (s) => s.uptimeSeconds),
  gauge('connections', 'QUIC connections, logged in or not.', (s) => s.connections),
  gauge('sessions', 'People who are logged in, or may come back to where they were.', (s) => {
    return s.sessions;
  }),
  gauge('speakers', 'People who talked in the last second.', (s) => s.speakers),
  gauge('draining', '1 while newcomers are turned away.', (s) => Number(s.isDraining)),
  counter(
    'thread_busy_seconds',
    'Time that each thread was at work.',
    (s) => s.threadSeconds,
    'thread',
  ),
  gauge('certificate_expiry_timestamp_seconds', 'When the certificate ends.', (s) => {
    return s.certificate.validToMs / 1_000;
  }),
  counter('certificate_swaps', 'Certificates that took the place of another.', (s) => {
    return s.certificate.swaps;
  }),
  counter('certificate_reload_failures', 'Changed certificate files that were of no use.', (s) => {
    return s.certificate.reloadFailures;
  }),
  gauge('acme_next_try_timestamp_seconds', 'When ACME is asked next.', ({ certificate }) => {
    return certificate.acme === null ? {} : certificate.acme.nextTryMs / 1_000;
  }),
  gauge('acme_failures', 'Tries in a row that brought no certificate.', ({ certificate }) => {
    return certificate.acme?.failures ?? {};
  }),
  gauge('rooms', 'Rooms that there are.', (s) => s.rooms),
  gauge('calls', 'Calls in direct and group talks.', (s) => s.calls),
  gauge('waiting_connections', 'Connections that have not logged in yet.', (s) => s.abuse.waiting),
  gauge('banned_addresses', 'Addresses shut out for a while after failures.', (s) => {
    return s.abuse.bannedAddresses;
  }),
  gauge('banned_users', 'Users shut out for a while after failures.', (s) => s.abuse.bannedUsers),
  gauge('voice_relay_workers', 'Threads that relay voice now.', (s) => s.voice.activeWorkers),
  counter('voice_received_packets', 'Datagrams on the voice port.', (s) => s.voice.packetsIn),
  counter('voice_received_bytes', 'In those datagrams.', (s) => s.voice.bytesIn),
  counter('voice_received_frames', 'Voice frames accepted.', (s) => s.voice.framesIn),
  counter('voice_sent_packets', 'Datagrams handed to the kernel.', (s) => s.voice.packetsOut),
  counter('voice_sent_bytes', 'In those datagrams.', (s) => s.voice.bytesOut),
  counter('voice_sent_frames', 'Voice frames sent, one for each receiver.', (s) => {
    return s.voice.framesOut;
  }),
  counter('voice_sent_bundles', 'Of the sent datagrams, those with several frames.', (s) => {
    return s.voice.bundlesOut;
  }),
  counter('voice_answered_pings', 'Pings of clients on the voice port.', (s) => s.voice.pongs),
  counter(
    'voice_dropped_packets',
    'Voice packets that reached nobody.',
    (s) => reasons(s.voice, 'drop'),
    'reason',
  ),
  counter('datagram_voice_received_packets', 'Voice packets that came over QUIC.', (s) => {
    return s.datagrams.voiceIn;
  }),
  counter('datagram_voice_sent_packets', 'Voice packets that left over QUIC.', (s) => {
    return s.datagrams.voiceOut;
  }),
  counter(
    'datagram_dropped_packets',
    'QUIC datagrams that were of no use.',
    (s) => reasons(s.datagrams, 'dropped'),
    'reason',
  ),
  counter(
    'signals_received',
    'Typing, presence and reports of loss, by kind.',
    ({ signals }) => ({
      typing: signals.typing,
      presence: signals.presence,
      receiver_report: signals.receiverReport,
    }),
    'kind',
  ),
  counter('signals_sent', 'Such signals to others.', (s) => s.signals.out),
  counter(
    'signals_dropped',
    'Such signals that went to nobody.',
    (s) => reasons(s.signals, 'dropped'),
    'reason',
  ),
  counter(
    'protocol_errors',
    'Connections closed, or messages refused, for what they sent.',
    (s) => s.protocolErrors,
    'reason',
  ),
  counter(
    'commands_not_permitted',
    'Commands refused for want of a permission, by type.',
    (s) => s.notPermitted,
    'command',
  ),
  counter(
    'throttled_users',
    'Messages put off because their user was too fast, by class.',
    (s) => s.abuse.pacing.refusedOfUsers,
    'class',
  ),
  counter(
    'throttled_addresses',
    'Messages put off because their address was too fast, by class.',
    (s) => s.abuse.pacing.refusedOfAddresses,
    'class',
  ),
  counter(
    'view_resyncs',
    'Parts of the view that clients asked for again.',
    ({ resyncs }) => ({ tree: resyncs.tree, members: resyncs.members }),
    'part',
  ),
  gauge('plugins', 'Plugins that run.', (s) => Object.keys(s.plugins).length),
  counter('plugin_events', 'Events handed to a plugin.', (s) => ofPlugins(s, 'events'), 'plugin'),
  counter(
    'plugin_dropped_events',
    'Events that a plugin did not get, because too many waited.',
    (s) => ofPlugins(s, 'dropped'),
    'plugin',
  ),
  counter(
    'plugin_faults',
    'Events at which a plugin failed or took too long.',
    (s) => ofPlugins(s, 'faults'),
    'plugin',
  ),
  counter(
    'plugin_late_events',
    'Of those faults, events for which it took too long.',
    (s) => ofPlugins(s, 'late'),
    'plugin',
  ),
  counter(
    'plugin_busy_seconds',
    'What a plugin took for its events, without the time in which it was answered.',
    (s) => ofPlugins(s, 'busyMs', 1_000),
    'plugin',
  ),
  {
    ...gauge('plugin_longest_event_seconds', 'What it took for the longest of them.', (s) => {
      return ofPlugins(s, 'longestMs', 1_000);
    }),
    label: 'plugin',
  },
  counter(
    'plugin_refused_calls',
    'What a plugin asked for and was refused.',
    (s) => ofPlugins(s, 'refused'),
    'plugin',
  ),
  counter('quic_received_packets', 'QUIC packets in.', (s) => s.quic.packetsIn),
  counter('quic_sent_packets', 'QUIC packets out.', (s) => s.quic.packetsOut),
  counter('quic_accepted_connections', 'Handshakes begun.', (s) => s.quic.accepted),
  counter('quic_established_connections', 'Handshakes done.', (s) => s.quic.established),
  counter('quic_closed_connections', 'Connections ended.', (s) => s.quic.closed),
  counter('quic_sent_retries', 'Strangers asked to prove their address.', (s) => {
    return s.quic.retriesSent;
  }),
  counter('quic_sent_refusals', 'Strangers told that there is no room.', (s) => {
    return s.quic.refusalsSent;
  }),
  counter(
    'quic_dropped_packets',
    'QUIC packets that were not taken.',
    (s) => reasons(s.quic, 'dropped'),
    'reason',
  ),
];

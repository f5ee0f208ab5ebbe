import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestServer, type TestServer } from '../testing/testServer.js';
import { metricFamilies } from './metricFamilies.js';
import { ServerMetrics } from './metrics.js';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(async () => {
  await server.close();
});

const name = '[a-zA-Z_:][a-zA-Z0-9_:]*';
const labels = String.raw`\{(?:${name}="(?:[^"\\\n]|\\.)*",?)*\}`;
const sample = new RegExp(`^(${name})(${labels})? (\\S+)$`);

/** Samples by name with labels, as the text format of Prometheus has them. */
function samplesOf(text: string): Map<string, number> {
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return new Map(
    lines.map((line) => {
      const [, metric, labelled = '', value] = sample.exec(line) ?? [];
      expect(metric, `no sample: ${line}`).toBeDefined();
      return [`${metric}${labelled}`, value === '+Inf' ? Infinity : Number(value)];
    }),
  );
}

async function scrape(): Promise<{ type: string; text: string }> {
  const response = await fetch(`http://127.0.0.1:${server.running.info.admin.port}/metrics`);
  expect(response.status).toBe(200);
  return { type: response.headers.get('content-type') ?? '', text: await response.text() };
}

describe('metrics', () => {
  test('tell what /stats tells', async () => {
    const client = await server.join();
    const { type, text } = await scrape();
    expect(type).toBe('text/plain; version=0.0.4; charset=utf-8');
    const samples = samplesOf(text);
    const stats = server.running.stats();
    expect(samples.get('rookery_sessions')).toBe(stats.sessions);
    expect(stats.sessions).toBe(1);
    expect(samples.get('rookery_rooms')).toBe(stats.rooms);
    const drops = [...samples.keys()].filter((key) =>
      key.startsWith('rookery_voice_dropped_packets_total{'),
    );
    expect(drops).toContain('rookery_voice_dropped_packets_total{reason="no_room"}');
    expect(drops).toHaveLength(Object.keys(stats.voice).filter((key) => /^drop/.test(key)).length);
    client.close();
  });

  test('are all there, described, and named by the conventions', async () => {
    const { text } = await scrape();
    for (const { name: family, type, help } of metricFamilies) {
      expect(text).toContain(`# HELP ${family} ${help}\n# TYPE ${family} ${type}\n`);
      expect(family.endsWith('_total')).toBe(type === 'counter');
      expect(family).toMatch(/^rookery_[a-z_]+$/);
    }
    expect(new Set(metricFamilies.map((family) => family.name)).size).toBe(metricFamilies.length);
    expect(samplesOf(text).get('process_resident_memory_bytes')).toBeGreaterThan(1_000_000);
  });

  test('count a scrape anew, and add nothing up', async () => {
    const first = samplesOf((await scrape()).text).get(
      'rookery_quic_established_connections_total',
    );
    const again = samplesOf((await scrape()).text).get(
      'rookery_quic_established_connections_total',
    );
    expect(first).toBeGreaterThan(0);
    expect(again).toBe(first);
  });

  test('have histograms whose buckets add up', async () => {
    const metrics = new ServerMetrics();
    const stats = server.running.stats();
    const voice = { ...stats.voice, relayDelay: [1, 0, 4, 2], framesPerFlush: [0, 3, 2] };
    const samples = samplesOf(await metrics.text({ ...stats, voice }));
    metrics.close();
    const delay = 'rookery_voice_relay_delay_seconds';
    expect(samples.get(`${delay}_bucket{le="0.000001"}`)).toBe(1);
    expect(samples.get(`${delay}_bucket{le="0.000004"}`)).toBe(5);
    expect(samples.get(`${delay}_bucket{le="+Inf"}`)).toBe(7);
    expect(samples.get(`${delay}_count`)).toBe(7);
    expect(samples.get('rookery_voice_flush_frames_sum')).toBe(7);
    expect(samples.get('rookery_voice_flush_frames_count')).toBe(5);
  });
});

import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestServer, type TestServer } from '../testing/testServer.js';

let server: TestServer;
let page = '';

beforeAll(async () => {
  server = await startTestServer();
  const { port } = server.running.info.admin;
  page = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
});
afterAll(() => server.close());

interface Family {
  readonly help: string;
  readonly type: string;
  readonly samples: readonly string[];
}

/** By name, in the text format of Prometheus 0.0.4. */
function familiesOf(text: string): Map<string, Family> {
  const families = new Map<string, { help: string; type: string; samples: string[] }>();
  let current = '';
  for (const line of text.split('\n')) {
    const [, kind, name, rest] = /^# (HELP|TYPE) (\S+) (.*)$/.exec(line) ?? [];
    if (kind === 'HELP') {
      current = name!;
      expect(families.has(current), `${current} stands twice`).toBe(false);
      families.set(current, { help: rest!, type: '', samples: [] });
    } else if (kind === 'TYPE') families.get(name!)!.type = rest!;
    else if (line !== '') families.get(current)!.samples.push(line);
  }
  return families;
}

/** Where the name of a unit is not of the base units of Prometheus. */
const otherUnits =
  /_(milliseconds|microseconds|ms|us|minutes|hours|days|kilobytes|megabytes|bits)\b/;

const suffixesOf: Readonly<Record<string, readonly string[]>> = {
  histogram: ['_bucket', '_sum', '_count'],
};

describe('the figures for Prometheus', () => {
  test('are named as its conventions want, each with help and type', () => {
    for (const [name, { help, type, samples }] of familiesOf(page)) {
      expect(name).toMatch(/^[a-z_][a-z0-9_]*$/);
      expect(help.trim(), name).not.toBe('');
      expect(['counter', 'gauge', 'histogram', 'summary'], name).toContain(type);
      expect(otherUnits.test(name), name).toBe(false);
      if (type !== 'counter') expect(name).not.toMatch(/_total$/);
      // Those of the process are named by the library.
      if (name.startsWith('rookery_')) {
        expect(name.endsWith('_total'), name).toBe(type === 'counter');
        expect(name).not.toMatch(/_(bucket|sum|count|gauge|counter|histogram)$/);
      }
      for (const sample of samples) {
        const [, full, labels = ''] = /^([a-z0-9_]+)(?:\{(.*)\})? \S+$/.exec(sample) ?? [];
        const names = ['', ...(suffixesOf[type] ?? [])].map((suffix) => name + suffix);
        expect(names, sample).toContain(full);
        for (const [, label] of labels.matchAll(/(\w+)="/g)) {
          expect(label, sample).toMatch(/^(?!__)[a-z][a-z0-9_]*$/);
          if (label === 'le') expect(type, sample).toBe('histogram');
          if (label === 'quantile') expect(type, sample).toBe('summary');
          expect(['job', 'instance']).not.toContain(label);
        }
      }
    }
  });

  test('have no more label values than there are kinds of things', () => {
    for (const [name, { samples }] of familiesOf(page)) {
      expect(samples.length, name).toBeLessThan(100);
    }
  });
});

describe('the dashboard', () => {
  const file = fileURLToPath(new URL('../../../docs/grafana/rookery.json', import.meta.url));
  const dashboard = JSON.parse(readFileSync(file, 'utf8')) as {
    readonly templating: { readonly list: readonly { readonly query: string }[] };
    readonly panels: readonly {
      readonly id: number;
      readonly targets: readonly { readonly expr: string }[];
    }[];
  };

  test('asks for figures that there are, and shows each panel once', () => {
    const families = familiesOf(page);
    const known = new Set(
      [...families].flatMap(([name, { type }]) => {
        return [name, ...(suffixesOf[type] ?? []).map((suffix) => name + suffix)];
      }),
    );
    const expressions = [
      ...dashboard.panels.flatMap(({ targets }) => targets.map(({ expr }) => expr)),
      ...dashboard.templating.list.map(({ query }) => query),
    ];
    let asked = 0;
    for (const expression of expressions) {
      for (const [name] of expression.matchAll(/\b(rookery|process|nodejs)_[a-z0-9_]+/g)) {
        expect(known, expression).toContain(name);
        asked += 1;
      }
    }
    expect(asked).toBeGreaterThan(20);
    const ids = dashboard.panels.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
  });
});

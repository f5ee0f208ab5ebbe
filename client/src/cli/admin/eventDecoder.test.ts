import { expect, it } from 'vitest';
import { EventDecoder } from './eventDecoder.js';

const stream = 'event: lines\ndata: [1]\n\n: still there\n\nevent: happened\ndata: {"ä":"\\n"}\n\n';
const events = [
  { name: 'lines', data: [1] },
  { name: 'happened', data: { ä: '\n' } },
];

it('tells the events of a stream wherever it was cut, and nothing else', () => {
  for (let at = 0; at <= stream.length; at += 1) {
    const decoder = new EventDecoder();
    const told = [...decoder.push(stream.slice(0, at)), ...decoder.push(stream.slice(at))];
    expect(told, `cut at ${at}`).toEqual(events);
  }
});

it('waits for the end of an event', () => {
  const decoder = new EventDecoder();
  expect(decoder.push('event: lines\ndata: []\n')).toEqual([]);
  expect(decoder.push('\n')).toEqual([{ name: 'lines', data: [] }]);
});

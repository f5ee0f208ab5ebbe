import { describe, expect, test } from 'vitest';
import { noChaos } from '../engine/audio/tools/chaos.js';
import { initialState, type State } from '../engine/engineState.js';
import { happenings } from './stateLog.js';

const address = { host: 'talk.example.org', port: 5_330 };
const reason = { code: 'unreachable', message: 'cannot reach talk.example.org' } as const;

function after(change: Partial<State>): State {
  return { ...initialState, ...change };
}

describe('happenings', () => {
  test('are none where nothing of note changed', () => {
    expect(happenings(initialState, after({ messages: [], messageOfTheDay: 'hi' }))).toEqual([]);
  });

  test('tell how the connection goes, and why it does not', () => {
    const connecting = after({ connection: { phase: 'connecting', step: 'reaching', address } });
    expect(happenings(initialState, connecting)).toEqual([
      {
        level: 'info',
        part: 'connection',
        text: 'connecting',
        fields: { address: 'talk.example.org:5330' },
      },
    ]);
    const ended = after({ connection: { phase: 'disconnected', reason } });
    expect(happenings(connecting, ended)).toMatchObject([
      { level: 'warn', fields: { code: 'unreachable', reason: reason.message } },
    ]);
  });

  test('tell of another way of voice, and not of another ping', () => {
    const udp = after({ voice: { phase: 'open', path: 'udp', roundTripMs: 3 } });
    const later = after({ voice: { phase: 'open', path: 'udp', roundTripMs: 9 } });
    const quic = after({ voice: { phase: 'open', path: 'quic', roundTripMs: 3 } });
    expect(happenings(initialState, udp)).toMatchObject([
      { level: 'info', fields: { path: 'udp' } },
    ]);
    expect(happenings(udp, later)).toEqual([]);
    expect(happenings(udp, quic)).toMatchObject([{ level: 'warn', fields: { path: 'quic' } }]);
  });

  test('tell what is wrong with the sound, once', () => {
    const { audio } = initialState;
    const problem = { code: 'noAudioDevice', message: 'there is no microphone' } as const;
    const missing = after({ audio: { ...audio, input: { ...audio.input, problem } } });
    expect(happenings(initialState, missing)).toMatchObject([
      { level: 'warn', part: 'microphone', text: problem.message },
    ]);
    const again = { ...audio.input, problem: { ...problem } };
    expect(happenings(missing, after({ audio: { ...audio, input: again } }))).toEqual([]);
  });

  test('tell of networks that are made worse, and of files that are written', () => {
    const outgoing = { ...noChaos, lossPct: 30 };
    const worse = after({ chaos: { outgoing, incoming: null } });
    expect(happenings(initialState, worse)).toMatchObject([
      { part: 'network', fields: { lossPct: 30 } },
    ]);
    const { audio } = initialState;
    const dump = { ...audio.dump, phase: 'writing' as const };
    expect(happenings(initialState, after({ audio: { ...audio, dump } }))).toEqual([
      { level: 'info', part: 'dump', text: 'writing' },
    ]);
  });
});

import { describe, expect, test } from 'vitest';
import type { SupervisorLimits } from '../limits.js';
import { exit } from '../program.js';
import { RestartPolicy, type RunEnd } from './restartPolicy.js';

const limits: SupervisorLimits = {
  healthyMs: 60_000,
  failuresInRowMax: 4,
  restartDelayMsMin: 100,
  restartDelayMsMax: 500,
  exchangeMsMax: 1_000,
};

const crash: RunEnd = { code: 1, signal: null, hasStarted: true, ranMs: 10 };
const stuck: RunEnd = { code: null, signal: 'SIGALRM', hasStarted: true, ranMs: 90_000 };

describe('the supervisor ends with the server', () => {
  test.each([0, 2, 130])('that ended with %i', (code) => {
    const policy = new RestartPolicy(limits);
    expect(policy.judge({ ...crash, code }, false)).toEqual({ kind: 'end', exitCode: code });
  });

  test('that could not run at all', () => {
    const policy = new RestartPolicy(limits);
    const end = policy.judge({ ...crash, hasStarted: false }, false);
    expect(end).toEqual({ kind: 'end', exitCode: 1 });
  });

  test('that it told to stop, however that ended', () => {
    const policy = new RestartPolicy(limits);
    expect(policy.judge(crash, true)).toEqual({ kind: 'end', exitCode: 1 });
    expect(policy.judge(stuck, true)).toEqual({ kind: 'end', exitCode: 142 });
    const anew = { ...crash, code: exit.restart };
    expect(policy.judge(anew, true)).toEqual({ kind: 'end', exitCode: 0 });
  });
});

describe('the supervisor starts again', () => {
  test('what ran and failed, after a wait that doubles up to a bound, and gives up', () => {
    const policy = new RestartPolicy(limits);
    const verdicts = Array.from({ length: 5 }, () => policy.judge(crash, false));
    expect(verdicts).toEqual([
      { kind: 'restart', afterMs: 100 },
      { kind: 'restart', afterMs: 200 },
      { kind: 'restart', afterMs: 400 },
      { kind: 'restart', afterMs: 500 },
      { kind: 'giveUp', failuresInRow: 5 },
    ]);
  });

  test('what could not run when it was started again: the port may be free a moment later', () => {
    const policy = new RestartPolicy(limits);
    policy.judge(crash, false);
    const verdict = policy.judge({ ...crash, hasStarted: false }, false);
    expect(verdict).toEqual({ kind: 'restart', afterMs: 200 });
  });

  test('what was told to start anew, and does not give it up before it was healthy', () => {
    const policy = new RestartPolicy(limits);
    expect(policy.judge({ ...crash, code: exit.restart }, false)).toEqual({ kind: 'exchange' });
    const unable = { ...crash, hasStarted: false, code: exit.usage };
    for (let times = 0; times < 20; times++) {
      expect(policy.judge(unable, false).kind).toBe('restart');
    }
    // Nobody told it to end well, either.
    expect(policy.judge({ ...unable, code: exit.stopped }, false).kind).toBe('restart');
    policy.judge(stuck, false);
    expect(policy.judge({ ...crash, code: exit.usage }, false).kind).toBe('end');
  });

  test('what had run for long, as for the first time', () => {
    const policy = new RestartPolicy(limits);
    for (let time = 0; time < 20; time++) {
      expect(policy.judge(stuck, false)).toEqual({ kind: 'restart', afterMs: 100 });
    }
  });
});

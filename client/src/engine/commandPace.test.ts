import { describe, expect, it } from 'vitest';
import { FrameType } from '@rookery/schemas/frameType';
import { ErrorCode } from '@rookery/schemas/generated/rookery/error-code';
import type { Message, Throttle } from '@rookery/schemas/messages';
import { CommandPace } from './commandPace.js';

const done: Message = { type: FrameType.CommandDone, createdId: null, listId: 0 };
const tooFast: Message = { type: FrameType.Error, code: ErrorCode.TooFast, message: 'Too fast.' };

function throttle(frameType: number, retryAfterMs: number): Throttle {
  return { type: FrameType.Throttle, frameType, retryAfterMs };
}

/** A server that answers one after the other, and says when it was asked. */
function answering(...answers: readonly Message[]) {
  const askedAtMs: number[] = [];
  const ask = (): Promise<Message> => {
    askedAtMs.push(performance.now());
    return Promise.resolve(answers[askedAtMs.length - 1]!);
  };
  return { ask, askedAtMs };
}

describe('the pace of commands', () => {
  it('sends one that was too fast again, not before the time that it was told', async () => {
    const pace = new CommandPace(5_000);
    const { ask, askedAtMs } = answering(tooFast, done);
    let throttledAtMs = 0;
    const throttling = async (): Promise<Message> => {
      const answer = await ask();
      if (answer === tooFast) {
        throttledAtMs = performance.now();
        pace.slowDown(throttle(FrameType.SendMessage, 150));
      }
      return answer;
    };
    expect(await pace.run(FrameType.SendMessage, throttling)).toBe(done);
    expect(askedAtMs).toHaveLength(2);
    expect(askedAtMs[1]! - throttledAtMs).toBeGreaterThanOrEqual(150);
  });

  it('holds back what is of the same class, and nothing else', async () => {
    const pace = new CommandPace(5_000);
    const beganMs = performance.now();
    const throttled = pace.slowDown(throttle(FrameType.Search, 150));
    expect(throttled?.messageClass).toBe('search');
    const other = answering(done);
    await pace.run(FrameType.SendMessage, other.ask);
    const same = answering(done);
    await pace.run(FrameType.FindUsers, same.ask);
    expect(other.askedAtMs[0]!).toBeLessThan(same.askedAtMs[0]!);
    expect(same.askedAtMs[0]! - beganMs).toBeGreaterThanOrEqual(150);
  });

  it('tells of the refusal where it would have to wait too long', async () => {
    const pace = new CommandPace(200);
    pace.slowDown(throttle(FrameType.JoinRoom, 60_000));
    const { ask, askedAtMs } = answering(tooFast);
    expect(await pace.run(FrameType.JoinRoom, ask)).toBe(tooFast);
    expect(askedAtMs).toHaveLength(1);
  });

  it('hands on every other answer at once', async () => {
    const refused: Message = { ...tooFast, code: ErrorCode.NoSuchRoom };
    const { ask, askedAtMs } = answering(refused);
    expect(await new CommandPace(5_000).run(FrameType.JoinRoom, ask)).toBe(refused);
    expect(askedAtMs).toHaveLength(1);
  });

  it('ignores what it does not know', () => {
    expect(new CommandPace(5_000).slowDown(throttle(0xee, 1_000))).toBeNull();
  });
});

import { FrameType } from '@rookery/schemas/frameType';
import { AuthFailure } from '@rookery/schemas/generated/rookery/auth-failure';
import { ErrorCode } from '@rookery/schemas/generated/rookery/error-code';
import { GoodbyeReason } from '@rookery/schemas/generated/rookery/goodbye-reason';
import { CloseCode } from '@rookery/schemas/protocol';
import { ProtocolError } from '@rookery/schemas/protocolError';
import type { QuicClose } from '@rookery/transport/quicTypes';
import { describe, expect, it } from 'vitest';
import {
  errorOfAnswer,
  errorOfAuthFailed,
  errorOfEnd,
  errorOfFailedConnect,
  errorOfGoodbye,
} from './serverAnswers.js';

/** The numbers of an enum, without the names that TypeScript keeps beside them. */
function valuesOf<T extends number>(enumeration: Readonly<Record<string, string | T>>): T[] {
  return Object.values(enumeration).filter((value): value is T => typeof value === 'number');
}

const refused = { type: FrameType.AuthFailed, message: '', untilMs: null, note: '' } as const;

describe("the server's answers as errors", () => {
  it.each([
    [ErrorCode.NoSuchRoom, 'noSuchRoom'],
    [ErrorCode.UnsupportedVersion, 'versionMismatch'],
    [ErrorCode.RoomExists, 'commandRefused'],
  ])('gives refusal %i the code %s and the words of the server', (code, expected) => {
    const error = errorOfAnswer({ type: FrameType.Error, code, message: 'why' });
    expect(error).toMatchObject({ code: expected, message: 'why' });
  });

  it('has words of its own where the server gives none', () => {
    for (const code of valuesOf<ErrorCode>(ErrorCode)) {
      expect(errorOfAnswer({ type: FrameType.Error, code, message: '' }).message).toContain(
        ErrorCode[code],
      );
    }
    for (const reason of valuesOf<AuthFailure>(AuthFailure)) {
      expect(errorOfAuthFailed({ ...refused, reason }).message).toContain(AuthFailure[reason]);
    }
  });

  it('tells a wrong password from other refusals of a login', () => {
    const codeOf = (reason: AuthFailure) => errorOfAuthFailed({ ...refused, reason }).code;
    expect(codeOf(AuthFailure.WrongPassword)).toBe('wrongPassword');
    expect(codeOf(AuthFailure.ServerFull)).toBe('serverFull');
    expect(codeOf(AuthFailure.BadSignature)).toBe('loginRefused');
    expect(codeOf(AuthFailure.Busy)).toBe('serverBusy');
  });

  it('keeps until when somebody is kept away, and why', () => {
    const banned = { ...refused, reason: AuthFailure.Banned, untilMs: 5, note: 'shouting' };
    const facts = { untilMs: 5, note: 'shouting' };
    expect(errorOfAuthFailed(banned)).toMatchObject({ code: 'banned', facts });
    expect(errorOfAuthFailed({ ...refused, reason: AuthFailure.Busy }).facts).toEqual({});
  });

  it('has words for every goodbye, and adds those of the server', () => {
    for (const reason of valuesOf<GoodbyeReason>(GoodbyeReason)) {
      const goodbye = { type: FrameType.Goodbye, reason, message: 'see you' } as const;
      expect(errorOfGoodbye(goodbye)).toMatchObject({
        code: reason === GoodbyeReason.ServerStopping ? 'disconnected' : 'sessionEnded',
        message: expect.stringMatching(/^[a-z].+ \(see you\)$/) as string,
      });
    }
  });
});

describe('the end of a connection as an error', () => {
  const close = (change: Partial<QuicClose>): QuicClose => ({
    by: 'peer',
    isApplication: true,
    code: CloseCode.Done,
    reason: '',
    ...change,
  });

  it('tells an end that was meant from one after which another login may do better', () => {
    const { Done, Replaced, LoginFailed, ProtocolViolation, Kicked, Banned, ...others } = CloseCode;
    for (const code of [Done, Replaced, LoginFailed, ProtocolViolation, Kicked, Banned]) {
      expect(errorOfEnd(close({ code })).code).toBe('sessionEnded');
    }
    for (const code of [...Object.values(others), 999]) {
      expect(errorOfEnd(close({ code })).code).toBe('disconnected');
    }
    expect(errorOfEnd(close({ isApplication: false })).code).toBe('disconnected');
  });

  it('has words for every close code, and for those to come', () => {
    for (const code of Object.values(CloseCode)) {
      expect(errorOfEnd(close({ code })).message).not.toContain('close code');
    }
    expect(errorOfEnd(close({ code: 999 })).message).toContain('close code 999');
    expect(errorOfEnd(close({ isApplication: false, code: 10 })).message).toContain(
      'QUIC error 10',
    );
  });

  it.each(['local', 'idleTimeout', 'handshakeTimeout', 'statelessReset'] as const)(
    'has words for %s',
    (by) => {
      expect(errorOfEnd(close({ by }))).toMatchObject({
        code: 'disconnected',
        message: expect.stringMatching(/^the connection ended: \w/) as string,
      });
    },
  );

  it('calls what cannot be understood a violation', () => {
    const end = new ProtocolError('malformed', 'a broken frame');
    for (const error of [errorOfEnd(end), errorOfFailedConnect(end, 'host:1')]) {
      expect(error).toMatchObject({
        code: 'protocolViolation',
        message: expect.stringContaining('a broken frame') as string,
      });
    }
  });

  it('names the server that could not be reached, and another protocol', () => {
    expect(errorOfFailedConnect(close({ by: 'handshakeTimeout' }), 'host:1')).toMatchObject({
      code: 'unreachable',
      message: 'cannot connect to host:1: the server does not answer',
    });
    const noAlpn = close({ isApplication: false, code: 0x178 });
    expect(errorOfFailedConnect(noAlpn, 'host:1').message).toContain('does not speak rookery/1');
  });
});

import { ErrorCode } from '@rookery/schemas/generated/rookery/error-code';
import type { Refusal } from '../../state/outcome.js';

/** What every answer holds that is no success. */
export interface FaultBody {
  /** For programs. */
  readonly code: string;
  /** For people: what is wrong and what to do next. */
  readonly message: string;
}

/** An answer that is no success. */
export class ApiFault extends Error {
  constructor(
    readonly statusCode: number,
    readonly code: string,
    message: string,
  ) {
    super(message);
    this.name = 'ApiFault';
  }
}

/** Others are conflicts with how things stand. */
const statuses: Partial<Record<ErrorCode, number>> = {
  [ErrorCode.InvalidField]: 400,
  [ErrorCode.Malformed]: 400,
  [ErrorCode.NotPermitted]: 403,
  [ErrorCode.WrongAccountPassword]: 401,
  [ErrorCode.BadCode]: 401,
  [ErrorCode.NoSuchRoom]: 404,
  [ErrorCode.NoSuchUser]: 404,
  [ErrorCode.NoSuchMessage]: 404,
  [ErrorCode.NoSuchFile]: 404,
  [ErrorCode.NoSuchGroup]: 404,
  [ErrorCode.NoSuchBan]: 404,
  [ErrorCode.NoSuchReport]: 404,
  [ErrorCode.NoSuchInvite]: 404,
  [ErrorCode.NoSuchRequest]: 404,
  [ErrorCode.TooFast]: 429,
  [ErrorCode.Internal]: 500,
  [ErrorCode.StorageFull]: 507,
};

/** A refused command as an answer: the name of its code begins in lower case. */
export function faultOfRefusal({ code, message }: Refusal): ApiFault {
  const name = ErrorCode[code];
  return new ApiFault(statuses[code] ?? 409, name[0]!.toLowerCase() + name.slice(1), message);
}

export const unavailable = new ApiFault(503, 'unavailable', 'The server starts or stops.');

export const loginNeeded = new ApiFault(
  401,
  'loginNeeded',
  'Log in first (POST /api/v1/login), and send the access token as "Authorization: Bearer …".',
);

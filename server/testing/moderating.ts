import { FrameType } from '@rookery/schemas/frameType';
import { ErrorCode } from '@rookery/schemas/generated/rookery/error-code';
import type { AuditPage, CommandMessage, Uuid } from '@rookery/schemas/messages';
import type { TestClient } from './testClient.js';

/** What tests of commands say again and again. */

/** @returns what the command made, or '' */
export async function done(client: TestClient, command: CommandMessage): Promise<Uuid> {
  const answer = await client.command(command);
  if (answer.type === FrameType.Error) throw new Error(answer.message);
  return answer.createdId ?? '';
}

/** @returns why the command was refused; `Unknown` where it was not */
export async function refusedWith(client: TestClient, command: CommandMessage): Promise<ErrorCode> {
  const answer = await client.command(command);
  return answer.type === FrameType.Error ? answer.code : ErrorCode.Unknown;
}

/** The newest entries of the audit log, as a moderator reads them. */
export async function auditSeenBy(client: TestClient): Promise<AuditPage['entries']> {
  const question = { type: FrameType.ReadAudit, beforeId: null, count: 100 } as const;
  const page = await client.ask<AuditPage>(question);
  if (page.type === FrameType.Error) throw new Error(page.message);
  return page.entries;
}

export const idOf = (client: TestClient): Uuid => client.authOk!.userId;
export const tokenOf = (client: TestClient): number => client.authOk!.sessionToken;

export const enterRoom = (roomId: Uuid): CommandMessage => ({ type: FrameType.JoinRoom, roomId });

import { z } from 'zod';
import type { HostFunctionName } from './abi.js';

/** Of any version: those of users are hashes. */
const id = z.guid();
const label = z.string().max(100);

const panelRow = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('label'), text: label }),
  z.strictObject({ kind: z.literal('value'), label, value: label }),
  z.strictObject({ kind: z.literal('button'), id: z.string().min(1).max(32), label }),
]);

/** What each host function is given. */
export const hostInputs = {
  sendText: z.strictObject({ roomId: id, text: z.string().min(1).max(4_096) }),
  listRooms: z.strictObject({}),
  /** Of one room, or of all where it names none. */
  listUsers: z.strictObject({ roomId: id.optional() }),
  kvGet: z.strictObject({ key: z.string().min(1) }),
  kvSet: z.strictObject({ key: z.string().min(1), value: z.string() }),
  kvDelete: z.strictObject({ key: z.string().min(1) }),
  deleteMessage: z.strictObject({ roomId: id, messageId: id }),
  muteUser: z.strictObject({ userId: id, isMuted: z.boolean() }),
  kickUser: z.strictObject({ userId: id, reason: z.string().max(200) }),
  setPanel: z.strictObject({ title: label, rows: z.array(panelRow).max(32) }),
} as const satisfies Readonly<Record<HostFunctionName, z.ZodType>>;

export type HostInput<Name extends HostFunctionName> = z.output<(typeof hostInputs)[Name]>;
export type PanelRow = z.output<typeof panelRow>;

/** Functions that a plugin's own store answers; all others are the host's. */
export type StoreFunctionName = 'kvGet' | 'kvSet' | 'kvDelete';
export type ActionName = Exclude<HostFunctionName, StoreFunctionName>;

/** What a plugin wants done or told, checked and permitted. */
export type PluginAction = {
  readonly [Name in ActionName]: { readonly name: Name; readonly input: HostInput<Name> };
}[ActionName];

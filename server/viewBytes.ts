import { fieldLimits } from '@rookery/schemas/protocol';
import { uuidBytes } from '@rookery/schemas/uuid';
import type { StateLimits } from './limits.js';

/** FlatBuffers bytes of one SessionInfo or RoomInfo beside its texts: ids, tables, padding. */
const infoBytesMax = { session: 112, room: 144 } as const;

/** Payload bytes of the largest RoomInit that these limits allow. */
export function treeBytesMax({ roomsMax, linksMax }: StateLimits): number {
  const { roomNameBytesMax, roomDescriptionBytesMax } = fieldLimits;
  const roomBytes = infoBytesMax.room + roomNameBytesMax + roomDescriptionBytesMax;
  return roomsMax * roomBytes + 2 * linksMax * uuidBytes;
}

/** Payload bytes of the largest RoomMembers that these limits allow. */
export function membersBytesMax({ sessionsMax, listeningsMax }: StateLimits): number {
  const sessionBytes = infoBytesMax.session + fieldLimits.displayNameBytesMax;
  return sessionsMax * sessionBytes + listeningsMax * uuidBytes;
}

/**
 * The one table of message types: the first byte of every frame. Append only: a number, once
 * given, keeps its meaning for ever. The ranges are those of DESIGN.md section 3; numbers that are
 * not here yet are free within their range.
 */
export const FrameType = {
  // 0x00–0x0F control
  Hello: 0x00,
  HelloAck: 0x01,
  Auth: 0x02,
  AuthOk: 0x03,
  AuthFailed: 0x04,
  Ping: 0x05,
  Pong: 0x06,
  Throttle: 0x07,
  Goodbye: 0x08,
  // 0x09 is kept for ServerCommand
  CommandDone: 0x0a,
  ResumeTicket: 0x0b,
  // 0x10–0x2F commands
  SendMessage: 0x10,
  EditMessage: 0x11,
  DeleteMessage: 0x12,
  AddReaction: 0x13,
  RemoveReaction: 0x14,
  JoinRoom: 0x15,
  LeaveRoom: 0x16,
  CreateRoom: 0x17,
  RenameRoom: 0x18,
  MoveRoom: 0x19,
  DeleteRoom: 0x1a,
  SetSelfState: 0x1b,
  RegisterWhisper: 0x1c,
  RemoveWhisper: 0x1d,
  SetRoomVoice: 0x1e,
  LinkRooms: 0x20,
  UnlinkRooms: 0x21,
  Listen: 0x22,
  EditRoom: 0x1f,
  Subscribe: 0x24,
  ReadHistory: 0x25,
  PinMessage: 0x26,
  UnpinMessage: 0x27,
  ReadPins: 0x28,
  Resync: 0x29,
  Search: 0x2a,
  ReadUnread: 0x2b,
  // 0x30–0x4F rooms
  RoomMessage: 0x30,
  MessageEdited: 0x31,
  MessageDeleted: 0x32,
  ReactionChanged: 0x33,
  PinsChanged: 0x34,
  HistoryPage: 0x35,
  PinList: 0x36,
  RoomInit: 0x37,
  // 0x38 is kept for RoomClose
  StateUpdate: 0x39,
  RoomKey: 0x3a,
  WhisperReady: 0x3b,
  WhisperKey: 0x3c,
  RoomMembers: 0x3d,
  MembersUpdate: 0x3e,
  MembersEnd: 0x3f,
  Presence: 0x40,
  OwnSession: 0x41,
  UnreadCounts: 0x42,
  SearchPage: 0x43,
  // 0x50–0x5F shards
  ShardAssignment: 0x50,
  RoomPromoted: 0x51,
  RoomDemoted: 0x52,
  // 0x60–0x6F acks
  MessageDelivered: 0x60,
  MessageRead: 0x61,
  MessageAck: 0x62,
  // 0x70–0x7F files
  UploadStart: 0x70,
  UploadChunk: 0x71,
  UploadComplete: 0x72,
  UploadCancel: 0x73,
  UploadAck: 0x74,
  FileInfo: 0x75,
  ReadFile: 0x76,
  DownloadRange: 0x77,
  DownloadChunk: 0x78,
  DownloadCancel: 0x79,
  TransferFailed: 0x7a,
  // 0x80–0x8F are first bytes of QUIC datagrams (protocol.ts, DatagramKind)
  Error: 0xff,
} as const;

export type FrameType = (typeof FrameType)[keyof typeof FrameType];

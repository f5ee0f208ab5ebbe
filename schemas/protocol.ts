/** Version of the control protocol, named in Hello and bound into the login signature. */
export const protocolVersion = 1;

/** ALPN (RFC 7301) of the control connection. */
export const applicationProtocol = 'rookery/1';

/** Ports where neither side was told another. */
export const defaultPorts = { quic: 4640, voice: 4641, admin: 4642, adminTls: 4643 } as const;

/** `bundleWindowMs` of a room that has the server's own. */
export const defaultBundleWindowMs = 255;

/** Voice of a new room: everybody is heard, in good quality. */
export const defaultRoomVoice = {
  speakersMax: 0,
  bundleWindowMs: defaultBundleWindowMs,
  bitrate: 48_000,
} as const;

/** What somebody who just came in has beside a name. */
export const defaultSession = {
  roomId: null,
  muted: false,
  deafened: false,
  listeningTo: [],
  isReconnecting: false,
  mutedByModerator: false,
  deafenedByModerator: false,
  suppressedByModerator: false,
  isPrioritySpeaker: false,
  isRecording: false,
  suppressedByRules: false,
  isBot: false,
} as const;

/** Lengths of frames that a room may have: those that Opus takes and that wait for no other. */
export const frameLengthsMs: readonly number[] = [10, 20, 40, 60];

/** What is set of a new room: nothing special. */
export const defaultRoomProperties = {
  description: '',
  position: 0,
  userLimit: 0,
  isTemporary: false,
  frameMs: 20,
  isFecOn: true,
  keepDays: 0,
  keepMessages: 0,
  slowModeSeconds: 0,
  isLocked: false,
  isPrivate: false,
} as const;

/** What a new room has beside its place and its name. */
export const defaultRoom = {
  ...defaultRoomVoice,
  ...defaultRoomProperties,
  linkedRoomIds: [],
} as const;

/** An EditRoom that leaves everything as it is. */
export const unchangedRoom = {
  description: null,
  position: null,
  userLimit: null,
  isTemporary: null,
  frameMs: null,
  isFecOn: null,
  keepDays: null,
  keepMessages: null,
  slowModeSeconds: null,
  isLocked: null,
  isPrivate: null,
} as const;

/** Room ids: the root of the tree, "Lobby". */
export const rootRoomId = '00000000-0000-0000-0000-000000000000';
export const rootRoomName = 'Lobby';

/**
 * First byte of every unidirectional stream: what it carries. The control stream is the first
 * bidirectional stream of the client and has no such byte.
 */
export const StreamKind = {
  Commands: 0x01,
  Acks: 0x02,
  Bulk: 0x03,
  /** Text of the rooms of one shard. */
  Shard: 0x10,
  /** Text of one room. */
  Hot: 0x11,
  /** The view, keys and whispers. */
  View: 0x12,
} as const;
export type StreamKind = (typeof StreamKind)[keyof typeof StreamKind];

/**
 * First byte of every QUIC datagram: what follows it. A Voice datagram carries a packet exactly as
 * the voice port does, both ways; the others stand in signalDatagram.ts. The values from 0x80 to
 * 0x8F that are not here are kept.
 */
export const DatagramKind = {
  Typing: 0x80,
  StopTyping: 0x81,
  Presence: 0x82,
  Voice: 0x85,
  ReceiverReport: 0x86,
} as const;
export type DatagramKind = (typeof DatagramKind)[keyof typeof DatagramKind];

/** quiche urgency (0 first … 255 last) of each stream. */
export const StreamUrgency = {
  Control: 0,
  View: 16,
  /** Of hot streams too. */
  Shard: 32,
  Commands: 64,
  Acks: 96,
  Bulk: 192,
} as const;

/** Codes of QUIC's application close, so that a closed peer knows why (RFC 9000 section 19.19). */
export const CloseCode = {
  /** Goodbye was said. */
  Done: 0x00,
  /** The peer broke the protocol: bytes that are no frame, a message out of place. */
  ProtocolViolation: 0x01,
  /** The peer did not log in within the time given, or its login was refused. */
  LoginFailed: 0x02,
  /** The same identity logged in again. */
  Replaced: 0x03,
  /** The server stops. */
  Stopping: 0x04,
  /** The peer does not read what it is sent. */
  TooSlow: 0x05,
  Internal: 0x06,
  /** This side takes the connection for lost, and will come back on another. */
  Lost: 0x07,
  /** A moderator ended the session. */
  Kicked: 0x08,
  /** A moderator keeps the user, or the address, away. */
  Banned: 0x09,
} as const;
export type CloseCode = (typeof CloseCode)[keyof typeof CloseCode];

/** What a field may hold. Text is UTF-8 in NFC; lengths are UTF-8 bytes. */
export const fieldLimits = {
  displayNameBytesMax: 128,
  displayNameCharactersMax: 64,
  roomNameBytesMax: 256,
  roomNameCharactersMax: 128,
  roomDescriptionBytesMax: 1_024,
  textBytesMax: 8_192,
  /** Messages of one HistoryPage. */
  searchQueryBytesMax: 512,
  /** Rooms of one ReadUnread, and what is counted in each. */
  unreadRoomsMax: 128,
  unreadMax: 100,
  pageMessagesMax: 100,
  /** Pinned messages of one room. */
  pinsMax: 50,
  /** Of one message: whom it mentions, what is attached, kinds of reactions, bytes of each. */
  mentionsMax: 32,
  attachmentsMax: 10,
  reactionKindsMax: 20,
  reactionBytesMax: 32,
  passwordBytesMax: 1_024,
  /** Of an invitation or an owner's token, and what is noted of it. */
  inviteCodeBytesMax: 64,
  botPassBytesMax: 64,
  inviteNoteBytesMax: 256,
  /** Of one InviteList, and of one RequestList. */
  invitesMax: 1_000,
  joinRequestsMax: 1_000,
  clientNameBytesMax: 128,
  serverNameBytesMax: 256,
  noteBytesMax: 1_024,
  featuresMax: 32,
  featureBytesMax: 32,
  /** Sessions, rooms and users that one RegisterWhisper names. */
  whisperSessionsMax: 128,
  whisperRoomsMax: 32,
  whisperUsersMax: 64,
  /** Rooms that one Subscribe names. */
  subscribedRoomsMax: 128,
  /** Rooms that one session listens to. */
  listenedRoomsMax: 16,
  /** Rooms to which one room is linked directly. */
  linksPerRoomMax: 31,
  /** Sessions in a private room: each speaker seals a key for every one of them. */
  privateMembersMax: 64,
  /** Users of a talk, and of one command that names some. */
  talkUsersMax: 32,
  /** Talks of one TalkList. */
  talksMax: 2_048,
  /** Entries of one room's rules; groups of the server or of one room; members of one. */
  aclEntriesMax: 64,
  groupsMax: 32,
  groupMembersMax: 1_000,
  /** Users of one RoleList. */
  rolesPerPageMax: 100,
  /** Users of one UsersFound. */
  foundUsersMax: 20,
  /** Entries of one AuditPage, and bytes of what one says. */
  auditEntriesMax: 100,
  auditActionBytesMax: 32,
  auditDetailBytesMax: 1_024,
  /** Why somebody is kicked or banned, why a message is reported, and what was done about it. */
  reasonBytesMax: 512,
  /** An address or a range of them, as text. */
  addressBytesMax: 64,
  messageOfTheDayBytesMax: 2_048,
  /** Bans of one BanList, and reports of one ReportList. */
  moderationPageMax: 100,
  /** What a report keeps of the message. */
  reportedTextBytesMax: 1_024,
  /** Longest bundle window that a room may ask for; half a frame's time is enough to gather. */
  bundleWindowMsMax: 20,
  /** Opus's lowest (RFC 6716 section 2.1.1), and what a voice packet holds of each 20 ms. */
  bitrateMin: 6_000,
  bitrateMax: 440_000,
  /** Rooms of one RoomInit, members of one room, changes of one update. */
  listMax: 65_536,
} as const;

/** Bytes of a key of a private room as it is sealed for one member: nonce, key, tag. */
export const sealedShareBytes = 24 + 32 + 16;

/** How files travel. */
export const fileTransfer = {
  /** Bytes of one chunk: small enough to let others pass, large enough to cost little. */
  chunkBytesMax: 32_768,
  /** Bytes of one upload that are under way without an UploadAck: memory of the server. */
  uploadWindowBytes: 262_144,
  /** Bytes of one DownloadRange: what a client takes without having asked again. */
  rangeBytesMax: 1_048_576,
  /** Ranges that one client may have under way. */
  rangesMax: 4,
  /** A name as it is sent; it is brought to `nameBytesMax` of what shows. */
  sentNameBytesMax: 1_024,
  nameBytesMax: 255,
  mediaTypeBytesMax: 127,
} as const;

/** Bytes of one frame's payload, by who sends it. */
export const framePayloadBytesMax = { fromClient: 65_536, fromServer: 8_388_608 } as const;

/** Of which messages of a place one is told. */
export const noticeLevels = ['all', 'mentions', 'none'] as const;
export type NoticeLevel = (typeof noticeLevels)[number];

/** Sounds of the window itself. Each can be switched off. */
export const soundNames = [
  'join',
  'leave',
  'ownJoin',
  'ownLeave',
  'mute',
  'unmute',
  'deafen',
  'message',
  'mention',
  'directMessage',
  'call',
  'whisper',
  'disconnected',
  'reconnected',
  'kicked',
] as const;
export type SoundName = (typeof soundNames)[number];

/** Colours of what matters; `custom` is any other hue. */
export const accentNames = ['dawn', 'coral', 'rose', 'violet', 'sky', 'leaf', 'custom'] as const;
export type AccentName = (typeof accentNames)[number];

import type { NoticeLevel, SoundName } from '@rookery/client/host/noticeNames';

/** What the rules need to know of a new message. */
export interface ArrivedMessage {
  readonly isOwn: boolean;
  /** It was written in a talk, and not in a room. */
  readonly isDirect: boolean;
  /** It mentions the own user. */
  readonly isMention: boolean;
  /** The window shows the place in which it was written, and is looked at. */
  readonly isSeen: boolean;
}

/** What the user wants to be told of. */
export interface NoticeWishes {
  /** Of that place; null where it has none of its own. */
  readonly placeLevel: NoticeLevel | null;
  /** Of rooms without a level of their own. */
  readonly usualLevel: NoticeLevel;
  readonly isDoNotDisturb: boolean;
  readonly showsDesktopNotices: boolean;
  readonly readsAloud: NoticeLevel;
}

/** How one is told. */
export interface Told {
  readonly sound: SoundName | null;
  readonly isOnDesktop: boolean;
  readonly isReadAloud: boolean;
}

const nothing: Told = { sound: null, isOnDesktop: false, isReadAloud: false };

/** @returns of which messages of a place one is told. Pure. */
export function levelOfPlace(
  placeLevel: NoticeLevel | null,
  usualLevel: NoticeLevel,
  isDirect: boolean,
): NoticeLevel {
  return placeLevel ?? (isDirect ? 'all' : usualLevel);
}

/**
 * Decides how one is told of a message. Pure.
 *
 * @param isFocused whether the user looks at the window
 */
export function howToTell(message: ArrivedMessage, wishes: NoticeWishes, isFocused: boolean): Told {
  if (message.isOwn || wishes.isDoNotDisturb) return nothing;
  const level = levelOfPlace(wishes.placeLevel, wishes.usualLevel, message.isDirect);
  if (!counts(level, message)) return nothing;
  return {
    sound: message.isSeen ? null : soundOf(message),
    isOnDesktop: wishes.showsDesktopNotices && !isFocused,
    isReadAloud: counts(wishes.readsAloud, message),
  };
}

/** Who writes to somebody alone means them, as who mentions them does. */
function counts(level: NoticeLevel, { isDirect, isMention }: ArrivedMessage): boolean {
  switch (level) {
    case 'all':
      return true;
    case 'mentions':
      return isMention || isDirect;
    case 'none':
      return false;
  }
}

function soundOf({ isDirect, isMention }: ArrivedMessage): SoundName {
  if (isDirect) return 'directMessage';
  return isMention ? 'mention' : 'message';
}

/** English, of the part that the file is named after. */
export const keysWords = {
  keys: {
    title: 'Your keys',
    press: 'Press a key …',
    none: 'No key',
    clear: 'Take the key away',
    conflict: 'The same key does this, too: {actions}',
    help: 'Press a button here, then the key, or several at once. The middle and side buttons of a mouse do, too. Escape leaves it as it was.',
    pushToTalk: 'Hold to talk',
    pushToTalkHint: 'Used where you are heard while you hold a key; else it does nothing.',
    toggleMute: 'Mute or unmute yourself',
    toggleDeafen: 'Stop or start hearing',
    ofPlugins: 'Keys of plugins',
    ofPluginsHint:
      'A plugin hears that you pressed or let go what you bound here. Which key it was, and all else that you type, it does not hear.',
    ofPlugin: 'of the plugin “{name}”',
    whisper: 'Whisper to “{name}”',
    reach: {
      global: 'These keys work everywhere, also while another program has the keyboard.',
      windowOnly: 'These keys work while this window has the keyboard.',
      wayland:
        'These keys work only while this window has the keyboard: Wayland shows no program the keys of others. It would take its portal for global shortcuts, which is not supported yet; in an X11 session they work everywhere.',
      noDisplay:
        'These keys work only while this window has the keyboard: the client was started without an X display whose keys it could see.',
      notInstalled:
        'These keys work only while this window has the keyboard: the part that sees the keys of other windows is not there for this system.',
      notAllowed:
        'These keys work only while this window has the keyboard. Allow Rookery in the system settings under “Privacy & Security → Accessibility”, then start it again.',
      died: 'These keys work only while this window has the keyboard: the part that sees the keys of other windows failed again and again. Start the client again to try it once more.',
    },
    name: {
      Space: 'Space',
      Enter: 'Enter',
      Backspace: 'Backspace',
      Insert: 'Insert',
      Delete: 'Delete',
      Home: 'Home',
      End: 'End',
      PageUp: 'Page up',
      PageDown: 'Page down',
      ControlLeft: 'Left Ctrl',
      ControlRight: 'Right Ctrl',
      AltLeft: 'Left Alt',
      AltRight: 'Right Alt',
      ShiftLeft: 'Left Shift',
      ShiftRight: 'Right Shift',
      MouseMiddle: 'Middle mouse button',
      MouseBack: 'Mouse button “back”',
      MouseForward: 'Mouse button “forward”',
      CapsLock: 'Caps Lock',
      Pause: 'Pause',
      Ctrl: 'Ctrl',
      Alt: 'Alt',
      Shift: 'Shift',
      Meta: 'Meta',
    },
  },
} as const;

// What a plugin asks of Rookery, for AssemblyScript. docs/plugins.md tells what each of it means.
import {
  blockAlloc,
  blockLength,
  blockLoad,
  blockStore,
  inputLength,
  inputLoad,
  configGet,
  logInfo,
  hostSendText,
  hostListRooms,
  hostListUsers,
  hostKvGet,
  hostKvSet,
  hostKvDelete,
  hostDeleteMessage,
  hostMuteUser,
  hostKickUser,
  hostSetPanel,
} from './host';
import { quote, readObject } from './json';

/** An object that came from the host: an event, or an answer. */
export class Fields {
  constructor(private readonly fields: Map<string, string>) {}

  /** '' where there is none. */
  text(name: string): string {
    return this.fields.has(name) ? this.fields.get(name) : '';
  }

  /** Of a room or the like that may be missing. */
  isNull(name: string): bool {
    return !this.fields.has(name) || this.fields.get(name) == 'null';
  }

  flag(name: string): bool {
    return this.text(name) == 'true';
  }

  number(name: string): f64 {
    return parseFloat(this.text(name));
  }
}

/** The event that the plugin is called with. */
export function readEvent(): Fields {
  const bytes = new Uint8Array(i32(inputLength()));
  for (let at = 0; at < bytes.length; at++) bytes[at] = u8(inputLoad(at));
  return new Fields(readObject(String.UTF8.decode(bytes.buffer)));
}

/** A setting as whoever runs the plugin left or changed it; '' where there is none. */
export function setting(name: string): string {
  const at = configGet(blockOf(name));
  return at == 0 ? '' : textIn(at);
}

/** Writes a line into the plugin's log. */
export function log(text: string): void {
  logInfo(blockOf(text));
}

/** @returns whether it was written */
export function sendText(roomId: string, text: string): bool {
  return isOk(hostSendText(blockOf(`{"roomId":${quote(roomId)},"text":${quote(text)}}`)));
}

/** @returns JSON of the answer */
export function listRooms(): string {
  return textIn(hostListRooms(blockOf('{}')));
}

/** @returns JSON of the answer */
export function listUsers(roomId: string): string {
  return textIn(hostListUsers(blockOf(`{"roomId":${quote(roomId)}}`)));
}

/** @returns null where nothing is kept under the key */
export function kvGet(key: string): string | null {
  const answer = answerAt(hostKvGet(blockOf(`{"key":${quote(key)}}`)));
  return answer.isNull('value') ? null : answer.text('value');
}

/** @returns whether it is kept, on the disk */
export function kvSet(key: string, value: string): bool {
  return isOk(hostKvSet(blockOf(`{"key":${quote(key)},"value":${quote(value)}}`)));
}

export function kvDelete(key: string): bool {
  return isOk(hostKvDelete(blockOf(`{"key":${quote(key)}}`)));
}

export function deleteMessage(roomId: string, messageId: string): bool {
  const named = `{"roomId":${quote(roomId)},"messageId":${quote(messageId)}}`;
  return isOk(hostDeleteMessage(blockOf(named)));
}

export function muteUser(userId: string, isMuted: bool): bool {
  const isMutedText = isMuted ? 'true' : 'false';
  return isOk(hostMuteUser(blockOf(`{"userId":${quote(userId)},"isMuted":${isMutedText}}`)));
}

export function kickUser(userId: string, reason: string): bool {
  return isOk(hostKickUser(blockOf(`{"userId":${quote(userId)},"reason":${quote(reason)}}`)));
}

/** What a client shows of the plugin in its window: plain data, row below row. */
export class Panel {
  private readonly rows: string[] = [];

  constructor(private readonly title: string) {}

  label(text: string): Panel {
    return this.row(`{"kind":"label","text":${quote(text)}}`);
  }

  value(label: string, value: string): Panel {
    return this.row(`{"kind":"value","label":${quote(label)},"value":${quote(value)}}`);
  }

  /** Whoever presses it has the plugin told: an event `panelAction` with this id. */
  button(id: string, label: string): Panel {
    return this.row(`{"kind":"button","id":${quote(id)},"label":${quote(label)}}`);
  }

  /** In place of what was shown before. @returns whether it is shown */
  show(): bool {
    const rows = this.rows.join(',');
    return isOk(hostSetPanel(blockOf(`{"title":${quote(this.title)},"rows":[${rows}]}`)));
  }

  private row(json: string): Panel {
    this.rows.push(json);
    return this;
  }
}

/** Chance from the seed that came with an event: xorshift, which is no secret and needs none. */
export class Chance {
  private state: u32;

  constructor(event: Fields) {
    this.state = u32(event.number('seed')) | 1;
    // Seeds that are near each other are far apart by then.
    for (let turn = 0; turn < 8; turn++) this.next();
  }

  /** A whole number from 1 to `most`. */
  upTo(most: u32): u32 {
    return 1 + (this.next() % most);
  }

  private next(): u32 {
    this.state ^= this.state << 13;
    this.state ^= this.state >> 17;
    this.state ^= this.state << 5;
    return this.state;
  }
}

function isOk(at: u64): bool {
  return answerAt(at).flag('ok');
}

function answerAt(at: u64): Fields {
  return new Fields(readObject(textIn(at)));
}

function blockOf(text: string): u64 {
  const bytes = Uint8Array.wrap(String.UTF8.encode(text));
  const at = blockAlloc(bytes.length);
  for (let index = 0; index < bytes.length; index++) blockStore(at + index, bytes[index]);
  return at;
}

function textIn(at: u64): string {
  const bytes = new Uint8Array(i32(blockLength(at)));
  for (let index = 0; index < bytes.length; index++) bytes[index] = u8(blockLoad(at + index));
  return String.UTF8.decode(bytes.buffer);
}

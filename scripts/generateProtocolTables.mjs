// Writes the tables of docs/protocol.md from the source. Needs the built schemas and server.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import * as joinWork from '../schemas/dist/joinWork.js';
import { permissions } from '../schemas/dist/permissions.js';
import * as protocol from '../schemas/dist/protocol.js';
import * as signals from '../schemas/dist/signalDatagram.js';
import * as voice from '../schemas/dist/voicePacket.js';
import { abuseLimits } from '../server/dist/abuseLimits.js';
import { laneLimits } from '../server/dist/laneLimits.js';
import { GeneratedPage, markdownTable, withBlock } from './generatedPage.mjs';
import { readMessageSchemas } from './messageSchemas.mjs';

const schemaFolder = fileURLToPath(new URL('../schemas/control', import.meta.url));
const count = new Intl.NumberFormat('en-GB');

/** Each is put where the page has its marks. */
const blocks = {
  streams: () => {
    const { StreamKind: kinds, StreamUrgency: urgencies } = protocol;
    const said = membersIn('protocol.ts', 'StreamKind');
    const rows = Object.entries(kinds).map(([name, kind]) => [
      ...[hex(kind), `\`${name}\``, openerOf(name, kind)],
      String(urgencies[name === 'Hot' ? 'Shard' : name]),
      said.get(name) ?? '',
    ]);
    return markdownTable(['First byte', 'Stream', 'Opened by', 'Urgency', 'It carries'], rows);
  },
  datagrams: () => {
    const rows = Object.entries(protocol.DatagramKind).map(([name, kind]) => [
      hex(kind),
      `\`${name}\``,
    ]);
    return markdownTable(['First byte', 'Datagram'], rows);
  },
  'close codes': () => {
    const said = membersIn('protocol.ts', 'CloseCode');
    const rows = Object.entries(protocol.CloseCode).map(([name, code]) => [
      ...[hex(code), `\`${name}\``, said.get(name) ?? ''],
    ]);
    return markdownTable(['Code', 'Name', 'What it says'], rows);
  },
  'error codes': () => enumTable('ErrorCode'),
  'login failures': () => enumTable('AuthFailure'),
  'goodbye reasons': () => enumTable('GoodbyeReason'),
  'voice kinds': () => {
    const rows = Object.entries(voice.VoiceKind).map(([name, kind]) => [
      String(kind),
      `\`${name}\``,
    ]);
    return markdownTable(['Kind', 'Packet'], rows);
  },
  'voice numbers': () => {
    const said = constantsIn('voicePacket.ts');
    // In the order of the source: that of a module's names is nobody's.
    const rows = [...said]
      .filter(([name]) => typeof voice[name] === 'number')
      .map(([name, words]) => [`\`${name}\``, count.format(voice[name]), words]);
    return markdownTable(['Number', 'Value', 'What it is'], rows);
  },
  'field limits': () => limitsTable('fieldLimits', protocol.fieldLimits),
  'file limits': () => limitsTable('fileTransfer', protocol.fileTransfer),
  'other limits': () =>
    markdownTable(
      ['Limit', 'Value'],
      [
        ['Payload of one frame from a client', bytes(protocol.framePayloadBytesMax.fromClient)],
        ['Payload of one frame from the server', bytes(protocol.framePayloadBytesMax.fromServer)],
        ['A datagram of signals', bytes(signals.signalBytesMax)],
        ['Speakers of one ReceiverReport', count.format(signals.reportedSpeakersMax)],
        ['Work that HelloAck may ask for', `${joinWork.workBitsMax} bits`],
        ...Object.entries(laneLimits).flatMap(([lane, { payloadBytesMax, unansweredMax }]) => [
          [`Payload of one frame of the ${lane} stream`, bytes(payloadBytesMax)],
          [`Commands of the ${lane} stream without an answer`, count.format(unansweredMax)],
        ]),
      ],
    ),
  paces: () => {
    const rows = Object.entries(abuseLimits.userPace).map(([name, { perSecond, burst }]) => [
      ...[`\`${name}\``, count.format(perSecond), count.format(burst)],
    ]);
    return markdownTable(['Class', 'In a second', 'At once'], rows);
  },
  permissions: () =>
    markdownTable(
      ['Bit', 'Permission'],
      permissions.map((name, bit) => [String(bit), `\`${name}\``]),
    ),
};

export const protocolTables = new GeneratedPage('docs/protocol.md', import.meta.url, (written) =>
  Object.entries(blocks).reduce((page, [name, make]) => withBlock(page, name, make()), written),
);

/** Each side has a bulk stream of its own. */
function openerOf(name, kind) {
  if (name === 'Bulk') return 'both';
  return kind < 0x10 ? 'client' : 'server';
}

function enumTable(name) {
  const { members } = readMessageSchemas(schemaFolder).get(name);
  const rows = members.map((one) => [String(one.value), `\`${one.name}\``, one.text]);
  return markdownTable(['Value', 'Name', 'What it says'], rows);
}

function limitsTable(name, limits) {
  const said = membersIn('protocol.ts', name);
  const rows = Object.entries(limits).map(([key, value]) => [
    ...[`\`${key}\``, count.format(value), said.get(key) ?? ''],
  ]);
  return markdownTable(['Limit', 'Value', 'Of what'], rows);
}

/** @returns {Map<string, string>} what is said of the members of an object, by their names */
function membersIn(file, name) {
  const source = readSource(file);
  const begin = source.indexOf(`export const ${name} = {`);
  const body = source.slice(begin, source.indexOf('\n} as const;', begin));
  return commented(body, /^ {2}(\w+):/);
}

/** @returns {Map<string, string>} what is said of the constants of a file, by their names */
function constantsIn(file) {
  return commented(readSource(file), /^export const (\w+) = /);
}

function commented(source, declaration) {
  const found = new Map();
  let text = '';
  for (const line of source.split('\n')) {
    const begun = /^\s*\/\*\*\s?(.*?)(\*\/)?$/.exec(line);
    const [, name] = declaration.exec(line) ?? [];
    if (begun !== null) text = begun[1].trim();
    else if (/^\s*\*/.test(line))
      text = `${text} ${line.replace(/^\s*\*\/?\s?|\*\/$/g, '')}`.trim();
    else if (name !== undefined) {
      if (text !== '') found.set(name, text);
      text = '';
    }
  }
  return found;
}

function readSource(file) {
  return readFileSync(new URL(`../schemas/${file}`, import.meta.url), 'utf8');
}

function hex(value) {
  return `0x${value.toString(16).toUpperCase().padStart(2, '0')}`;
}

function bytes(value) {
  return `${count.format(value)} bytes`;
}

await protocolTables.writeIfRun();

// Writes docs/messages.md from the schemas of control messages. Needs the built schemas.
import { fileURLToPath } from 'node:url';
import { laneOf } from '../schemas/dist/commandLane.js';
import { FrameType } from '../schemas/dist/frameType.js';
import { messageClasses } from '../schemas/dist/messageClass.js';
import { GeneratedPage, markdownTable } from './generatedPage.mjs';
import { readMessageSchemas } from './messageSchemas.mjs';

const schemas = readMessageSchemas(fileURLToPath(new URL('../schemas/control', import.meta.url)));

export const messagesPage = new GeneratedPage('docs/messages.md', import.meta.url, page);

const head = `# Messages

<!-- Made of schemas/control/*.fbs and of frameType.ts by scripts/generateMessagesPage.mjs. -->

Every message of the control connection, by the first byte of its frame. How frames, streams and the
login fit together stands in [protocol.md](protocol.md). The payload of a frame is a FlatBuffer: an
[\`Envelope\`](#envelope) that holds one of these tables; the files named here are the schemas
themselves, to generate code from.

In the tables \`[ubyte]\` are bytes and \`[…]\` lists; ids are UUIDs of 16 bytes, times milliseconds
since 1970, texts UTF-8 in NFC. What is "absent" is left out of the FlatBuffer. Numbers and texts
that are left out are 0, false and empty where nothing else is said.

The class says from which budget a message of a client is taken: whoever is told to slow down with
one message goes too fast with all of its class. Messages of the class \`server\` come from the
server alone.
`;

function page() {
  const types = Object.entries(FrameType).toSorted(([, a], [, b]) => a - b);
  const rows = types.map(([name, type]) => {
    const { text } = tableOf(name);
    const of = messageClasses[type];
    return [
      hex(type),
      `[\`${name}\`](#${name.toLowerCase()})`,
      of,
      streamOf(type, of),
      firstOf(text),
    ];
  });
  const named = new Set(types.map(([name]) => name));
  const others = [...schemas.values()].filter(({ name }) => !named.has(name));
  return [
    head,
    '## All messages\n',
    markdownTable(['Type', 'Message', 'Class', 'Stream of a client', 'What it is'], rows),
    '## The envelope\n',
    section(tableOf('Envelope'), '###'),
    '## What messages hold\n',
    ...types.map(([name, type]) => section(tableOf(name), '###', hex(type))),
    '## What stands in several messages\n',
    ...others.filter(({ name }) => name !== 'Envelope').map((one) => section(one, '###')),
  ].join('\n');
}

function tableOf(name) {
  const found = schemas.get(name);
  if (found === undefined) throw new Error(`no .fbs describes ${name}`);
  return found;
}

function section({ kind, name, file, text, type, members }, level, number) {
  const source = `[${file}](../schemas/control/${file})`;
  const what = kind === 'enum' ? `An \`${type}\` of ${source}.` : `In ${source}.`;
  const rows = members.map((one) =>
    kind === 'enum'
      ? [String(one.value), `\`${one.name}\``, one.text]
      : [`\`${one.name}\``, `\`${one.type}\``, one.text],
  );
  const heads =
    kind === 'enum' ? ['Value', 'Name', 'What it says'] : ['Field', 'Type', 'What it is'];
  return [
    `${level} ${name}\n`,
    [number === undefined ? '' : `Type ${number}.`, text, what].filter(Boolean).join(' '),
    '',
    members.length === 0 ? 'It holds nothing.\n' : markdownTable(heads, rows),
  ].join('\n');
}

/** Of a client; what a server sends goes where protocol.md says. */
function streamOf(type, of) {
  if (of === 'server') return '';
  return of === 'login' || of === 'control' || of === 'card' ? controlOrLane(type) : laneOf(type);
}

/** Those before 0x10 are of the control stream, whatever their class. */
function controlOrLane(type) {
  return type < 0x10 ? 'control' : laneOf(type);
}

function hex(type) {
  return `0x${type.toString(16).toUpperCase().padStart(2, '0')}`;
}

/** Up to its first full stop. */
function firstOf(text) {
  return /^.*?[.:;](?= |$)/.exec(text)?.[0].replace(/[:;]$/, '.') ?? text;
}

await messagesPage.writeIfRun();

// Writes the tables of docs/operator.md: sizes from what benches have measured (bench/results),
// figures from the source. Needs the built schemas and server.
import { readFileSync } from 'node:fs';
import { metricFamilies } from '../server/dist/admin/metricFamilies.js';
import { hopTagBytes, sealBytes, voiceHeaderBytes } from '../schemas/dist/voicePacket.js';
import { defaultRoomVoice } from '../schemas/dist/protocol.js';
import { GeneratedPage, markdownTable, withBlock } from './generatedPage.mjs';

const blocks = { relayed, sizing, metrics };

export const operatorTables = new GeneratedPage('docs/operator.md', import.meta.url, (written) =>
  Object.entries(blocks).reduce((page, [name, make]) => withBlock(page, name, make()), written),
);

const framesPerSecond = 50;
/** What is left is for moments in which everybody talks. */
const loadMax = 0.7;
const mebibyte = 1_048_576;
/** Of IPv4 and UDP; IPv6 has 20 more. */
const networkHeaderBytes = 28;
const communities = [100, 500, 1_000, 5_000, 10_000];
const number = new Intl.NumberFormat('en-GB', { maximumSignificantDigits: 2 });
const count = new Intl.NumberFormat('en-GB');

function resultsOf(name) {
  return JSON.parse(
    readFileSync(new URL(`../bench/results/${name}.json`, import.meta.url), 'utf8'),
  );
}

/** How many people one core relays for, by what they do. */
function relayed() {
  const { loads, machine } = resultsOf('relay');
  const rows = loads
    .filter(({ workers }) => workers === 1)
    .map((load) => [
      load.name,
      count.format(Math.round(load.server.framesPerCpuSecond)),
      people(load),
    ]);
  const heads = ['Load', 'Frames delivered in a second of CPU', 'People that one core carries'];
  return `${markdownTable(heads, rows)}\n${words(machine)}`;
}

function people(load) {
  const perPerson = framesPerSecond * heardBy(load);
  return count.format(
    Math.floor((load.server.framesPerCpuSecond * loadMax) / perPerson / 100) * 100,
  );
}

/** Voices that come to each person: in rooms speakers are people there, who hear the others. */
function heardBy({ rooms, receivers, speakers }) {
  return rooms === 1 ? speakers : (speakers * receivers) / peopleIn({ receivers });
}

const peopleIn = ({ receivers }) => receivers + 1;

/** What a server needs, reckoned from the least favourable of these loads. */
function sizing() {
  const { loads, machine } = resultsOf('relay');
  const rooms = loads.find(({ rooms, workers }) => rooms > 1 && workers === 1);
  const { crowd } = resultsOf('bots');
  const { joined, rssMiB } = crowd.result;
  const baseMiB = rooms.server.residentBytes / mebibyte;
  const sessionMiB = (rssMiB - baseMiB) / joined;
  const heardBits = 8 * packetBytes() * framesPerSecond;
  const spokenBits = heardBits + 8 * hopTagBytes * framesPerSecond;
  const rows = communities.map((size) => {
    const frames = size * heardBy(rooms) * framesPerSecond;
    const cores = frames / rooms.server.framesPerCpuSecond / loadMax;
    return [
      count.format(size),
      cores < 0.1 ? '0.1' : cores.toFixed(1),
      `${count.format(Math.ceil((baseMiB + size * sessionMiB) / 64) * 64)} MiB`,
      rate(size * heardBy(rooms) * heardBits),
      rate((size / peopleIn(rooms)) * rooms.speakers * spokenBits),
    ];
  });
  const heads = ['People at once', 'Cores', 'Memory', 'Out', 'In'];
  return `${markdownTable(heads, rows)}\n${words(machine)}`;
}

/** Of a frame of 20 ms, on its way to a listener, where nothing travels together. */
function packetBytes() {
  const opusBytes = defaultRoomVoice.bitrate / 8 / framesPerSecond;
  return voiceHeaderBytes + opusBytes + sealBytes + networkHeaderBytes;
}

function metrics() {
  const rows = metricFamilies.map(({ name, type, label = '', help }) => [
    ...[`\`${name}\``, type, label === '' ? '' : `\`${label}\``, help],
  ]);
  return markdownTable(['Figure', 'Kind', 'Label', 'What it is'], rows);
}

function rate(bitsPerSecond) {
  const megabits = bitsPerSecond / 1e6;
  return `${number.format(megabits < 1 ? Math.ceil(megabits * 10) / 10 : megabits)} Mbit/s`;
}

function words({ cpu, cores, node }) {
  return `Measured on: ${cpu}, ${cores} cores, Node ${node}.`;
}

await operatorTables.writeIfRun();

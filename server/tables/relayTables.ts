import type { SharedTableMemory } from '@rookery/schemas/sharedTable';
import type { VoiceLimits } from '../limits.js';
import type { CounterTable } from './counterTable.js';
import { counterTable } from './counterTable.js';
import type { PathTable } from './pathTable.js';
import { pathTable } from './pathTable.js';
import { arenaWords, ReceiverListReader, roomReceiversMax } from './receiverLists.js';
import type { RoomTable } from './roomTable.js';
import { roomTable } from './roomTable.js';
import type { SessionTable } from './sessionTable.js';
import { sessionTable } from './sessionTable.js';
import type { SpeakerTable } from './speakerTable.js';
import { speakerTable } from './speakerTable.js';
import type { VoiceTablesMemory } from './voiceTables.js';
import type { WhisperTable } from './whisperTable.js';
import { whisperTable } from './whisperTable.js';
import type { WorkerTable } from './workerTable.js';
import { workerTable } from './workerTable.js';

/** The tables as one relay worker sees them. */
export interface RelayTables {
  readonly sessions: SessionTable;
  readonly rooms: RoomTable;
  /** Who hears each room, by the row that its `list` names. */
  readonly lists: ReceiverListReader;
  readonly whispers: WhisperTable;
  /** Who hears each whisper list, by its row. */
  readonly whisperLists: ReceiverListReader;
  readonly workers: WorkerTable;
  /** What each worker knows of the sessions, by worker. */
  readonly paths: readonly PathTable[];
  /** Who speaks in each room as each worker hears it, by worker. */
  readonly speakers: readonly SpeakerTable[];
  readonly counters: CounterTable;
  /** Which worker this is: its row, and its place among the paths. */
  readonly ownIndex: number;
}

/** Attaches to the tables in a worker's thread. */
export function attachRelayTables(
  memory: VoiceTablesMemory,
  counters: SharedTableMemory,
  limits: VoiceLimits,
  ownIndex: number,
): RelayTables {
  const { tableReadRetriesMax } = limits;
  const words = arenaWords(roomReceiversMax(limits), limits.roomsMax);
  const whisperWords = arenaWords(limits.whisperReceiversMax, limits.whisperListsMax);
  const { rows: whispers, lists: whisperLists } = memory.whispers;
  return {
    sessions: sessionTable.attach(memory.sessions),
    rooms: roomTable.attach(memory.rooms),
    lists: new ReceiverListReader(memory.lists, words, tableReadRetriesMax),
    whispers: whisperTable.attach(whispers),
    whisperLists: new ReceiverListReader(whisperLists, whisperWords, tableReadRetriesMax),
    workers: workerTable.attach(memory.workers),
    paths: memory.paths.map((paths) => pathTable.attach(paths)),
    speakers: memory.speakers.map((speakers) => speakerTable.attach(speakers)),
    counters: counterTable.attach(counters),
    ownIndex,
  };
}

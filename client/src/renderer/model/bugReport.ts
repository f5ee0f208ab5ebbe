import type { LogLine } from './logLines.js';
import { logText } from './logLines.js';
import { figureIds, type Figures } from './figures.js';
import { figureText } from './figureText.js';
import type { PlatformFacts } from '@rookery/client/host/developerTools';
import type { ClientState } from '@rookery/client/host/clientState';

/** What a report is made of. */
export interface ReportSources {
  readonly platform: PlatformFacts;
  readonly userAgent: string;
  /** Both logs, by time. */
  readonly lines: readonly LogLine[];
  /** null where nobody looked at them. */
  readonly figures: Figures | null;
  readonly state: ClientState;
}

const reportedLines = 100;

/**
 * What somebody who looks for a fault wants to know first, as Markdown. Holds no names of people,
 * nothing that was written or said, and no secret. English: it is for whoever mends it. Pure.
 */
export function bugReport({ platform, userAgent, lines, figures, state }: ReportSources): string {
  const { connection, voice, audio, chaos } = state;
  const path = voice.phase === 'open' ? `${voice.phase} by ${voice.path}` : voice.phase;
  const devices = [audio.input, audio.output].map(({ phase }) => phase).join(' and ');
  const facts: readonly (readonly [string, string])[] = [
    ['client', platform.clientVersion],
    ['window', userAgent],
    ['node', platform.nodeVersion],
    ['system', `${platform.platform} ${platform.release} ${platform.architecture}`],
    ['processor', `${platform.processor}, ${platform.cores} cores`],
    ['memory', `${Math.round(platform.memoryBytes / 2 ** 30)} GB`],
    ['connection', connection.phase],
    ['voice', path],
    ['sound', `${audio.phase}, microphone and headphones ${devices}`],
    ['people', `${state.sessions.size} in ${state.rooms.size} rooms`],
    ['simulated network', chaos.incoming || chaos.outgoing ? JSON.stringify(chaos) : 'none'],
  ];
  const figureLines =
    figures === null
      ? ['not looked at']
      : figureIds.map((id) => `- ${id}: ${figureText(id, figures[id], 'en')}`);
  return [
    '## Rookery, a report',
    ...facts.map(([name, text]) => `- ${name}: ${text}`),
    '',
    '### Figures',
    ...figureLines,
    '',
    '### Log',
    '```',
    ...lines.slice(-reportedLines).map(logText),
    '```',
    '',
  ].join('\n');
}

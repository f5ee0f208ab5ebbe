import type { SettingDescription } from '@rookery/schemas/adminApi';
import { describeSettings } from './configuration.js';

/** The page of documentation of all keys, as Markdown; made of the schema alone. */
export function configurationPage(): string {
  const settings = describeSettings();
  return [head, table(settings), ...settings.flatMap(section)].join('\n');
}

const head = `# Configuration

<!-- Made of server/config/configSchema.ts by scripts/generateConfigurationPage.mjs. -->

Each key is an option of \`rookery server\` (\`--voice-port 5001\`), a variable
(\`ROOKERY_VOICE_PORT=5001\`) and a line of \`rookery.toml\` in the data directory
(\`voice-port = 5001\`; text stands in quotes). Options override variables, variables override the
file. What is unknown or invalid is refused with the key, the value and what is allowed.

\`rookery config print\` shows what holds and where it stands, \`rookery config check [FILE]\`
checks a file, and \`rookery config set KEY VALUE\` changes one. Keys marked "live" are taken over
by a server that runs when it gets SIGHUP; the others hold from its next start on. A broken file
changes nothing then, and the log says so.
`;

function table(settings: readonly SettingDescription[]): string {
  const rows = settings.map(({ key, default: value, defaultText, unit, reload }) => {
    const shown = value === null ? (defaultText ?? 'none') : `\`${value}\``;
    const after = unit === null || unit === 'port' || value === null ? '' : ` ${unit}`;
    return [`[\`${key}\`](#${key})`, shown + after, reload];
  });
  return markdownTable([['Key', 'Default', 'A change holds'], ...rows]);
}

function markdownTable([head, ...rows]: readonly (readonly string[])[]): string {
  const line = (row: readonly string[]): string => `| ${row.join(' | ')} |`;
  const rule = line(head!.map(() => '---'));
  return [line(head!), rule, ...rows.map(line), ''].join('\n');
}

function section(setting: SettingDescription): readonly string[] {
  const { key, description, allowed, reload, secret, variable, placeholder } = setting;
  const holds = reload === 'live' ? 'at once, on SIGHUP' : 'from the next start on';
  return [
    `## ${key}`,
    '',
    sentence(description),
    '',
    `- Option: \`--${key} ${placeholder}\`; variable: \`${variable}\``,
    `- Allowed: ${allowed}`,
    `- A change holds ${holds}.`,
    ...(secret ? ['- Its value is never shown.'] : []),
    '',
  ];
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}

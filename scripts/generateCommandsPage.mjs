// Writes docs/commands.md from the help of every command. Needs the built client and server.
import { readCommandTree, withAllBelow } from './commandTree.mjs';
import { GeneratedPage, markdownTable } from './generatedPage.mjs';

const head = `# Commands

<!-- Made of the help of every command by scripts/generateCommandsPage.mjs. -->

Everything that \`rookery\` takes. \`rookery COMMAND --help\` shows the same in a terminal. What the
commands are for, with examples, stands in the [user's guide](user.md), the
[operator's guide](operator.md) and the [README](../README.md#the-command-line); the options of
\`rookery server\` are the keys of its [configuration](configuration.md).

Exit code 0 means done, 1 that it could not be done (one line on stderr says why), 2 wrong usage.
`;

export const commandsPage = new GeneratedPage('docs/commands.md', import.meta.url, page);

function page() {
  const all = withAllBelow(readCommandTree()).filter(({ usage }) => usage !== '');
  const [, ...commands] = all;
  const rows = commands.map(({ path, text }) => [`[\`${path}\`](#${anchorOf(path)})`, shown(text)]);
  return [head, markdownTable(['Command', 'What it does'], rows), ...commands.map(section)].join(
    '\n',
  );
}

function section({ path, usage, text, arguments: args, options }) {
  const rows = (list) => list.map(({ term, text: said }) => [`\`${term}\``, shown(said)]);
  return [
    `## ${path}\n`,
    `${shown(text)}\n`,
    `    ${usage}\n`,
    ...(args.length === 0 ? [] : [markdownTable(['Argument', 'What it is'], rows(args))]),
    markdownTable(['Option', 'What it does'], rows(options)),
  ].join('\n');
}

function anchorOf(path) {
  return path.replaceAll(' ', '-');
}

/** Words of the program as Markdown, in which none of them is a mark. */
function shown(text) {
  const words = text.replace(/ ?\(default: false\)/, '');
  return words.replaceAll(/[<>*_[\]]/g, (mark) => `\\${mark}`);
}

await commandsPage.writeIfRun();

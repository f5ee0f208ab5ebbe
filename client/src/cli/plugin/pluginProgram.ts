import { Argument, Option, type Command } from 'commander';
import { roles, type Role } from '@rookery/schemas/roles';
import { adminTargetArgument } from '../argumentParsers.js';
import { addProfileOption, outputOf, type Json } from '../commandOptions.js';
import type { AdminOptions } from '../admin/loginCommand.js';
import type { AskedOptions } from './pluginCommand.js';

type Options = AdminOptions & Json;
type Add = (usage: string, description: string) => Command;

/** Adds `rookery plugin`: the plugins of a running server, and what their authors need. */
export function addPlugins(program: Command): void {
  const group = program
    .command('plugin')
    .summary('plugins of a server: list, install, switch on and off; build and test your own')
    .description(
      'Manages the plugins of a running server by its admin interface (`rookery admin login` ' +
        'comes first), and builds and tests plugins. docs/plugins.md tells how to write one.',
    )
    .helpCommand(false);
  const add: Add = (usage, description) =>
    addProfileOption(group.command(usage).description(description))
      .addOption(
        new Option('--server-admin <url>', 'the admin interface; without it where you logged in')
          .env('ROOKERY_SERVER_ADMIN')
          .argParser(adminTargetArgument),
      )
      .option('--json', 'print one object a line, errors too', false);
  addLooking(add);
  addInstalling(add);
  addSwitching(add);
  addAuthoring((usage, description) =>
    group
      .command(usage)
      .description(description)
      .option('--json', 'print one object a line, errors too', false),
  );
}

const load = () => import('./pluginCommand.js');
const loadAuthoring = () => import('./authorCommand.js');
const yesWords = 'agree to all that it asks for, without being asked';

function addLooking(add: Add): void {
  add('list', 'Prints the plugins that are installed, and how they do.').action(
    async (options: Options) => {
      await (await load()).listPlugins(options, outputOf(options));
    },
  );
  add('log', 'Prints the newest lines that a plugin logged.')
    .argument('<name>', 'of the plugin')
    .action(async (name: string, options: Options) => {
      await (await load()).showPluginLog(options, name, outputOf(options));
    });
}

function addInstalling(add: Add): void {
  add('install', 'Installs a plugin, or another version of one, once you agree.')
    .argument('<dir>', 'folder with plugin.toml and plugin.wasm')
    .option('--yes', yesWords, false)
    .action(async (folder: string, options: AskedOptions & Json) => {
      await (await load()).installPlugin(options, folder, outputOf(options));
    });
  add('approve', 'Shows what an installed plugin asks for, and has it run once you agree.')
    .argument('<name>', 'of the plugin')
    .option('--yes', yesWords, false)
    .action(async (name: string, options: AskedOptions & Json) => {
      await (await load()).approvePlugin(options, name, outputOf(options));
    });
  add('remove', 'Removes a plugin, with all that it kept.')
    .argument('<name>', 'of the plugin')
    .action(async (name: string, options: Options) => {
      await (await load()).removePlugin(options, name, outputOf(options));
    });
}

function addSwitching(add: Add): void {
  for (const [usage, isEnabled] of [
    ['enable', true],
    ['disable', false],
  ] as const) {
    add(usage, isEnabled ? 'Has a plugin run.' : 'Has a plugin run no more; what it kept stays.')
      .argument('<name>', 'of the plugin')
      .action(async (name: string, options: Options) => {
        await (await load()).switchPlugin(options, name, isEnabled, outputOf(options));
      });
  }
  add('role', 'Gives a plugin a role, which what it may do of moderation follows from.')
    .argument('<name>', 'of the plugin')
    .addArgument(new Argument('<role>', 'the role').choices(roles))
    .action(async (name: string, role: Role, options: Options) => {
      await (await load()).giveRole(options, name, role, outputOf(options));
    });
}

function addAuthoring(add: Add): void {
  add('build', 'Compiles a plugin in AssemblyScript: main.ts and plugin.toml of a folder.')
    .argument('<dir>', 'the folder')
    .option('--out <dir>', 'where plugin.wasm and plugin.toml go; else "built" in the folder')
    .action(async (folder: string, options: Json & { readonly out?: string }) => {
      const { build } = await loadAuthoring();
      await build(folder, options.out ?? null, outputOf(options));
    });
  add('test', 'Runs a plugin against recorded events, and prints what it does, a line each.')
    .argument('<dir>', 'folder of the plugin that was built')
    .argument('<events>', 'file with an event as JSON in each line')
    .option('--expect <file>', 'what it should do: such a line for each; another is an error')
    .action(
      async (folder: string, events: string, options: Json & { readonly expect?: string }) => {
        const { testPlugin } = await loadAuthoring();
        await testPlugin(folder, events, options.expect ?? null, outputOf(options));
      },
    );
}

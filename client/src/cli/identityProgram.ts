import { Option, type Command } from 'commander';
import type { ServerAddress } from '../engine/serverAddress.js';
import { identityNameArgument, serverArgument } from './argumentParsers.js';
import { addProfileOption, outputOf, type Json } from './commandOptions.js';
import type { IdentityOptions } from './identityCommand.js';

type Options = IdentityOptions & Json;

/** Adds `rookery identity`: the key pairs that name you to servers, and their passphrases. */
export function addIdentity(program: Command): void {
  const group = program
    .command('identity')
    .summary('your identities: list, make, protect and move them to other machines')
    .description('Works on the identities of your profile: who you are to servers.')
    .helpCommand(false);
  const add = (usage: string, description: string): Command => {
    const command = addProfileOption(group.command(usage).description(description));
    return command.option('--json', 'print one object a line, errors too', false);
  };
  addMaking(add);
  addChoosing(add);
  addMoving(add);
}

type Add = (usage: string, description: string) => Command;

const load = () => import('./identityCommand.js');

function addMaking(add: Add): void {
  add('list', 'Lists your identities.').action(async (options: Options) => {
    await (await load()).listIdentities(options, outputOf(options));
  });
  add('new', 'Makes another identity: servers will see a new user.')
    .argument('<name>', 'what you call it; servers are not told', identityNameArgument)
    .option('--encrypt', 'protect it with a passphrase', false)
    .action(async (name: string, options: Options & { readonly encrypt: boolean }) => {
      const protection = options.encrypt ? 'sealed' : 'plain';
      await (await load()).newIdentity(options, name, protection, outputOf(options));
    });
  add('passphrase', 'Protects an identity with a passphrase, or changes it.')
    .argument('<name>', 'which identity', identityNameArgument)
    .option('--none', 'take the passphrase away', false)
    .action(async (name: string, options: Options & { readonly none: boolean }) => {
      const protection = options.none ? 'plain' : 'sealed';
      await (await load()).changePassphrase(options, name, protection, outputOf(options));
    });
}

function addChoosing(add: Add): void {
  add('rename', 'Renames an identity; servers are not told.')
    .argument('<name>', 'which identity', identityNameArgument)
    .argument('<new-name>', 'what you call it from now on', identityNameArgument)
    .action(async (name: string, newName: string, options: Options) => {
      await (await load()).renameIdentity(options, name, newName, outputOf(options));
    });
  const command = add('default', 'Chooses the identity that is used, everywhere or on one server.');
  command
    .argument('[name]', 'which identity; without it --server has no own any more')
    .addOption(
      new Option('--server <host[:port]>', 'only there; IPv6 in brackets').argParser(
        serverArgument,
      ),
    )
    .action(
      async (name: string | undefined, options: Options & { readonly server?: ServerAddress }) => {
        const { server = null } = options;
        if (name === undefined && server === null) {
          command.error("error: missing required argument 'name'");
        }
        await (await load()).chooseIdentity(options, name ?? null, server, outputOf(options));
      },
    );
}

function addMoving(add: Add): void {
  add('export', 'Writes an identity as a text for another machine, protected by a passphrase.')
    .argument('<name>', 'which identity', identityNameArgument)
    .option('--out <file>', 'the file to write; else it is printed')
    .action(async (name: string, options: Options & { readonly out?: string }) => {
      await (await load()).exportIdentity(options, name, options.out ?? null, outputOf(options));
    });
  add('import', 'Takes in an identity that was exported, or an identity file.')
    .argument('<name>', 'what you call it here', identityNameArgument)
    .argument('<file>', 'where it stands; - reads standard input')
    .action(async (name: string, file: string, options: Options) => {
      await (await load()).importIdentity(options, name, file, outputOf(options));
    });
  const remove = add('remove', 'Deletes an identity for good.')
    .argument('<name>', 'which identity', identityNameArgument)
    .option('--yes', 'yes, delete it', false);
  remove.action(async (name: string, options: Options & { readonly yes: boolean }) => {
    if (!options.yes) {
      remove.error(
        `error: this deletes "${name}" for good, with its name and rights on every server: ` +
          'export it first if you may want it back, and say --yes',
      );
    }
    await (await load()).removeIdentity(options, name, outputOf(options));
  });
}

import { InvalidArgumentError, Option, type Command } from 'commander';
import type { Uuid } from '@rookery/schemas/messages';
import { repeatedArgument } from './argumentParsers.js';
import type { ChatOptions } from './chatCommand.js';
import { outputOf, type Json } from './commandOptions.js';

/** What `rookery chat` takes about files. */
export interface FileOptions {
  readonly upload?: readonly string[];
  readonly download?: Uuid;
  readonly out?: string;
  readonly thumbnail?: true;
}

/** Adds the options about files to `rookery chat`. */
export function addFileOptions(command: Command): Command {
  return command
    .addOption(
      new Option('--upload <file>', 'send this file; may be given several times')
        .argParser(repeatedArgument)
        .conflicts(['follow', 'download']),
    )
    .addOption(
      new Option('--download <id>', 'fetch the file with this id, to --out')
        .argParser(uploadIdArgument)
        .conflicts(['follow', 'send']),
    )
    .option('--out <file>', 'where to write what --download fetches')
    .option('--thumbnail', 'with --download: the small WebP picture of a picture');
}

/** Does what the options about files ask for. @returns false where they ask for nothing. */
export async function runFileOptions(
  options: ChatOptions & FileOptions & Json & { readonly send?: string },
  command: Command,
): Promise<boolean> {
  const { upload, download, out, thumbnail, send = '' } = options;
  if ((download === undefined) !== (out === undefined)) {
    command.error('error: --download <id> and --out <file> go together');
  }
  if (thumbnail === true && download === undefined) {
    command.error('error: --thumbnail goes with --download <id>');
  }
  const { downloadFile, uploadFiles } = await import('./fileCommand.js');
  if (upload !== undefined) await uploadFiles(options, upload, send, outputOf(options));
  else if (download !== undefined && out !== undefined) {
    const variant = thumbnail === true ? 'thumbnail' : 'original';
    await downloadFile(options, { uploadId: download, path: out, variant }, outputOf(options));
  } else return false;
  return true;
}

function uploadIdArgument(text: string): Uuid {
  const id = text.trim().toLowerCase();
  if (/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(id)) return id;
  throw new InvalidArgumentError('It is not the id of a file, as --json and --follow show it.');
}

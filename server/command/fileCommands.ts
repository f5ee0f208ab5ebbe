import type {
  DownloadCancel,
  DownloadRange,
  ReadFile,
  UploadCancel,
  UploadChunk,
  UploadComplete,
  UploadStart,
} from '@rookery/schemas/messages';
import type { CommandContext, CommandResult } from './commandContext.js';

type Result = CommandResult | Promise<CommandResult>;

/** Commands of the bulk lane (control/uploads.fbs). */

export function startUpload({ files, session }: CommandContext, command: UploadStart): Result {
  return files.uploads.start(session, command);
}

export function takeChunk({ files, session }: CommandContext, command: UploadChunk): Result {
  return files.uploads.chunk(session, command);
}

export function completeUpload({ files, session }: CommandContext, asked: UploadComplete): Result {
  return files.uploads.complete(session, asked.uploadId);
}

export function cancelUpload({ files, session }: CommandContext, asked: UploadCancel): Result {
  return files.uploads.cancel(session, asked.uploadId);
}

export function readFile({ files, session }: CommandContext, asked: ReadFile): Result {
  return files.info(session, asked.uploadId);
}

export function downloadRange({ files, session }: CommandContext, asked: DownloadRange): Result {
  return files.downloads.start(session, asked);
}

export function cancelDownload({ files, session }: CommandContext, asked: DownloadCancel): Result {
  return files.downloads.cancel(session, asked.downloadId);
}

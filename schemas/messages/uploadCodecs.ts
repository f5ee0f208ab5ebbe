import { FrameType } from '../frameType.js';
import * as tables from '../generated/rookery.js';
import type * as messages from '../messages.js';
import { fieldLimits, fileTransfer } from '../protocol.js';
import { defineCodec } from './codec.js';
import type { CodecTable } from './codec.js';
import {
  bytesField,
  chunkField,
  enumField,
  idField,
  integerField,
  optional,
  safeIntegerField,
  textField,
  utf8Bytes,
} from './fields.js';

const uploadId = idField('uploadId');
const uploadOrNone = optional(uploadId);
const placeId = idField('placeId');
const userId = idField('userId');
const name = textField('name', fileTransfer.sentNameBytesMax);
const mediaType = textField('mediaType', fileTransfer.mediaTypeBytesMax);
const hash = bytesField('hash', 32);
const chunk = chunkField('bytes', fileTransfer.chunkBytesMax);
const sizeBytes = safeIntegerField('sizeBytes');
const offset = safeIntegerField('offset');
const uploadedAtMs = safeIntegerField('uploadedAtMs');
const downloadId = integerField('downloadId', 0, 0xffff_ffff);
const length = integerField('length', 0, 0xffff_ffff);
const side = integerField('thumbnail', 0, 0xffff);
const thumbnailBytes = integerField('thumbnailBytes', 0, 0xffff_ffff);
const variant = enumField('variant', tables.FileVariant);
const code = enumField('code', tables.ErrorCode);
const note = textField('message', fieldLimits.noteBytesMax);

const none: messages.Thumbnail = { width: 0, height: 0, sizeBytes: 0 };

function thumbnailOf(table: tables.FileInfo): messages.Thumbnail | null {
  const width = table.thumbnailWidth();
  const height = table.thumbnailHeight();
  const thumbnail = { width, height, sizeBytes: table.thumbnailBytes() };
  return width === 0 || height === 0 || thumbnail.sizeBytes === 0 ? null : thumbnail;
}

/** What goes up (control/uploads.fbs). */
const sentCodecs: CodecTable<messages.BulkMessage['type']> = {
  [FrameType.UploadStart]: defineCodec<messages.UploadStart, tables.UploadStart>(
    tables.Payload.UploadStart,
    tables.UploadStart,
    (table) => ({
      type: FrameType.UploadStart,
      placeId: placeId.read(table.placeIdArray()),
      name: name.read(table.name(utf8Bytes)),
      sizeBytes: sizeBytes.read(table.sizeBytes()),
      hash: hash.read(table.hashArray()),
    }),
    (builder, message) =>
      tables.UploadStart.createUploadStart(
        builder,
        placeId.write(builder, message.placeId),
        name.write(builder, message.name),
        sizeBytes.write(message.sizeBytes),
        hash.write(builder, message.hash),
      ),
  ),
  [FrameType.UploadChunk]: defineCodec<messages.UploadChunk, tables.UploadChunk>(
    tables.Payload.UploadChunk,
    tables.UploadChunk,
    (table) => ({
      type: FrameType.UploadChunk,
      uploadId: uploadId.read(table.uploadIdArray()),
      offset: offset.read(table.offset()),
      bytes: chunk.read(table.bytesArray()),
    }),
    (builder, message) =>
      tables.UploadChunk.createUploadChunk(
        builder,
        uploadId.write(builder, message.uploadId),
        offset.write(message.offset),
        chunk.write(builder, message.bytes),
      ),
  ),
  [FrameType.UploadComplete]: defineCodec<messages.UploadComplete, tables.UploadComplete>(
    tables.Payload.UploadComplete,
    tables.UploadComplete,
    (table) => ({
      type: FrameType.UploadComplete,
      uploadId: uploadId.read(table.uploadIdArray()),
    }),
    (builder, message) =>
      tables.UploadComplete.createUploadComplete(
        builder,
        uploadId.write(builder, message.uploadId),
      ),
  ),
  [FrameType.UploadCancel]: defineCodec<messages.UploadCancel, tables.UploadCancel>(
    tables.Payload.UploadCancel,
    tables.UploadCancel,
    (table) => ({ type: FrameType.UploadCancel, uploadId: uploadId.read(table.uploadIdArray()) }),
    (builder, message) =>
      tables.UploadCancel.createUploadCancel(builder, uploadId.write(builder, message.uploadId)),
  ),
  [FrameType.ReadFile]: defineCodec<messages.ReadFile, tables.ReadFile>(
    tables.Payload.ReadFile,
    tables.ReadFile,
    (table) => ({ type: FrameType.ReadFile, uploadId: uploadId.read(table.uploadIdArray()) }),
    (builder, message) =>
      tables.ReadFile.createReadFile(builder, uploadId.write(builder, message.uploadId)),
  ),
  [FrameType.DownloadRange]: defineCodec<messages.DownloadRange, tables.DownloadRange>(
    tables.Payload.DownloadRange,
    tables.DownloadRange,
    (table) => ({
      type: FrameType.DownloadRange,
      downloadId: table.downloadId(),
      uploadId: uploadId.read(table.uploadIdArray()),
      variant: variant(table.variant()),
      offset: offset.read(table.offset()),
      length: table.length(),
    }),
    (builder, message) =>
      tables.DownloadRange.createDownloadRange(
        builder,
        downloadId(message.downloadId),
        uploadId.write(builder, message.uploadId),
        variant(message.variant),
        offset.write(message.offset),
        length(message.length),
      ),
  ),
  [FrameType.DownloadCancel]: defineCodec<messages.DownloadCancel, tables.DownloadCancel>(
    tables.Payload.DownloadCancel,
    tables.DownloadCancel,
    (table) => ({ type: FrameType.DownloadCancel, downloadId: table.downloadId() }),
    (builder, message) =>
      tables.DownloadCancel.createDownloadCancel(builder, downloadId(message.downloadId)),
  ),
};

/** Everything about files. */
export const uploadCodecs: CodecTable<(messages.BulkMessage | messages.FileMessage)['type']> = {
  ...sentCodecs,
  [FrameType.UploadAck]: defineCodec<messages.UploadAck, tables.UploadAck>(
    tables.Payload.UploadAck,
    tables.UploadAck,
    (table) => ({
      type: FrameType.UploadAck,
      uploadId: uploadId.read(table.uploadIdArray()),
      offset: offset.read(table.offset()),
    }),
    (builder, message) =>
      tables.UploadAck.createUploadAck(
        builder,
        uploadId.write(builder, message.uploadId),
        offset.write(message.offset),
      ),
  ),
  [FrameType.FileInfo]: defineCodec<messages.FileInfo, tables.FileInfo>(
    tables.Payload.FileInfo,
    tables.FileInfo,
    (table) => ({
      type: FrameType.FileInfo,
      uploadId: uploadId.read(table.uploadIdArray()),
      placeId: placeId.read(table.placeIdArray()),
      userId: userId.read(table.userIdArray()),
      name: name.read(table.name(utf8Bytes)),
      mediaType: mediaType.read(table.mediaType(utf8Bytes)),
      sizeBytes: sizeBytes.read(table.sizeBytes()),
      hash: hash.read(table.hashArray()),
      uploadedAtMs: uploadedAtMs.read(table.uploadedAtMs()),
      thumbnail: thumbnailOf(table),
    }),
    (builder, message) => {
      const { width, height, sizeBytes: smallBytes } = message.thumbnail ?? none;
      return tables.FileInfo.createFileInfo(
        builder,
        uploadId.write(builder, message.uploadId),
        placeId.write(builder, message.placeId),
        userId.write(builder, message.userId),
        name.write(builder, message.name),
        mediaType.write(builder, message.mediaType),
        sizeBytes.write(message.sizeBytes),
        hash.write(builder, message.hash),
        uploadedAtMs.write(message.uploadedAtMs),
        side(width),
        side(height),
        thumbnailBytes(smallBytes),
      );
    },
  ),
  [FrameType.DownloadChunk]: defineCodec<messages.DownloadChunk, tables.DownloadChunk>(
    tables.Payload.DownloadChunk,
    tables.DownloadChunk,
    (table) => ({
      type: FrameType.DownloadChunk,
      downloadId: table.downloadId(),
      offset: offset.read(table.offset()),
      bytes: chunk.read(table.bytesArray()),
    }),
    (builder, message) =>
      tables.DownloadChunk.createDownloadChunk(
        builder,
        downloadId(message.downloadId),
        offset.write(message.offset),
        chunk.write(builder, message.bytes),
      ),
  ),
  [FrameType.TransferFailed]: defineCodec<messages.TransferFailed, tables.TransferFailed>(
    tables.Payload.TransferFailed,
    tables.TransferFailed,
    (table) => ({
      type: FrameType.TransferFailed,
      uploadId: uploadOrNone.read(table.uploadIdArray()),
      downloadId: table.downloadId(),
      code: code(table.code()),
      message: note.read(table.message(utf8Bytes)),
    }),
    (builder, message) =>
      tables.TransferFailed.createTransferFailed(
        builder,
        uploadOrNone.write(builder, message.uploadId),
        downloadId(message.downloadId),
        code(message.code),
        note.write(builder, message.message),
      ),
  ),
};

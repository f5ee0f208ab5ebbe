import { gunzipSync } from 'node:zlib';

/**
 * `data.mdb` as schema version 1 wrote it (gzip, base64). It is never made anew: every release has
 * to read, or to migrate, what this one wrote.
 */
const compressed = [
  'H4sIAAAAAAACA+3cv2sTYRzH8e9zaa41ifekoNIxgzqJiD9wK0oHF4XiIA4dvCRXG8gPyEWKoNg/oJtLHSxKJzM4',
  '6aISSt0rbk7FP0AQxE2xxkticj+SnFi04vs1POXKfb8PvU6f53uJSNCUt+5sfmwZvt93r7K9O0bb7ZKYevcrAQAA',
  'AAAAe039kfyvhu5n+nbt/5zmXwMAAAAAwJ4xQrncaGfyrH6kr+us5vkAAAAAAP4vuYFV5IKsdFKz4b/+MR33XRtq',
  'Y2ZhPrP8ee3G5s6ZY8/TQ/qoWH3Sd589feDe//L22/khfSRWn9S9N81X79TR1bX3iYj8b0hLt8j+AAAAAADsc9OD',
  '4X/gNCB4zGDIRET+N2XLWtU5vWXxJAEAAAAA+905b80FM3BoIj9uhq+MzPzCzIY67K0JuVi0Ray5Ud0H5vTjJvtK',
  'pb2+h/rdLXGdQq1aPJFziqWGU5Szo/YamOWPm/4rSfV3Scpiqe42khH535Btvc38HwAAAACAf0xnyn9Q3MKSU7Gv',
  'OXW3VKt6kd+MyP+mzOoX+o6e5QwAAAAAAIARjntr6P17I/Q2gFLdibzIspKkzNmLr58MqVYq/GX9XrXI7spLaVdf',
  'siuOe8RX3afk4aelr49Vsnf35Vo+f3syIv8bsq7Xyf4AAAAAAPxlp6NPCLJqHO/Vf6Nz5uCtUxH5PyN5K299sJpW',
  'U5/UZU4CAAAAAAC/4ZSXNbUUyiWn2rjiuK5903FDcTQ48078jKm+Pgek8qsdJvwdUlK23cbVWq0yvoUKtOp0MKUe',
  'q7pXZQaqb7lOPf7ek77qZPvvb9ixi3sf+5fvet/LtQCQAAA=',
].join('');

/** @returns the bytes of the file */
export function schema1Database(): Uint8Array {
  return gunzipSync(Buffer.from(compressed, 'base64'));
}

// A page of documentation that is made of the source: whole, or blocks in a page that people write.
import { readFileSync, writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { format, resolveConfig } from 'prettier';

const root = new URL('..', import.meta.url);

/** One file below the root of the project. */
export class GeneratedPage {
  /**
   * @param {string} path from the root
   * @param {string} scriptUrl of the script that writes it
   * @param {(written: string) => string | Promise<string>} make Markdown, from the page as it is
   */
  constructor(path, scriptUrl, make) {
    this.path = path;
    this.script = fileURLToPath(scriptUrl);
    this.file = fileURLToPath(new URL(path, root));
    this.make = make;
  }

  /** @returns {Promise<string>} the page as it should be */
  async expected() {
    const text = await this.make(this.written());
    return format(text, { ...(await resolveConfig(this.file)), parser: 'markdown' });
  }

  /** @returns {string} the page as it is; '' where it is not there */
  written() {
    try {
      return readFileSync(this.file, 'utf8');
    } catch (error) {
      if (error.code !== 'ENOENT') throw error;
      return '';
    }
  }

  /** What there is to do where it is stale. */
  get advice() {
    return `node scripts/${basename(this.script)} writes ${this.path} anew`;
  }

  /** Writes it where its script was started. */
  async writeIfRun() {
    if (process.argv[1] === this.script) {
      writeFileSync(this.file, await this.expected());
    }
  }
}

/**
 * Puts a block into a page, between its marks `<!-- made NAME -->` and `<!-- end of NAME -->`.
 *
 * @param {string} page
 * @param {string} name
 * @param {string} text
 * @throws Error where the page has no such marks
 */
export function withBlock(page, name, text) {
  const [begin, end] = [`<!-- made ${name} -->`, `<!-- end of ${name} -->`];
  const [from, to] = [page.indexOf(begin), page.indexOf(end)];
  if (from === -1 || to < from) throw new Error(`no marks of the block "${name}"`);
  return `${page.slice(0, from + begin.length)}\n\n${text.trim()}\n\n${page.slice(to)}`;
}

/** A table in Markdown. */
export function markdownTable(heads, rows) {
  const line = (cells) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(heads), line(heads.map(() => '---')), ...rows.map(line), ''].join('\n');
}

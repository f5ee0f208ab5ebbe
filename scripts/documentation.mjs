// What stands in the pages of documentation: headings, links, and what is set as code.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));

/**
 * @typedef {{ info: string, lines: string[] }} CodeBlock fenced or indented; info is the word
 *   behind the fence
 * @typedef {{ path: string, headings: string[], links: string[], blocks: CodeBlock[],
 *   spans: string[] }} Page spans are inline code
 */

/** @returns {Page[]} every page of the project */
export function readPages() {
  const args = ['ls-files', '--cached', '--others', '--exclude-standard', '*.md'];
  const listed = execFileSync('git', args, { cwd: root, encoding: 'utf8' });
  const paths = listed.split('\n').filter(Boolean);
  return paths.map((path) => parsePage(path, readFileSync(`${root}/${path}`, 'utf8')));
}

/**
 * @param {string} path
 * @param {string} source Markdown
 * @returns {Page}
 */
export function parsePage(path, source) {
  const page = { path, headings: [], links: [], blocks: [], spans: [] };
  const prose = [];
  let fence = null;
  let isAfterGap = true;
  for (const line of source.split('\n')) {
    const mark = /^\s*(```+|~~~+)(.*)$/.exec(line);
    if (fence !== null) {
      if (mark !== null && mark[1].startsWith(fence)) fence = null;
      else page.blocks.at(-1).lines.push(line);
      continue;
    }
    if (mark !== null) {
      fence = mark[1];
      page.blocks.push({ info: mark[2].trim(), lines: [] });
    } else if (/^ {4}\S/.test(line) && (isAfterGap || prose.at(-1) === null)) {
      if (prose.at(-1) !== null) page.blocks.push({ info: '', lines: [] });
      page.blocks.at(-1).lines.push(line.slice(4));
      prose.push(null);
    } else if (prose.at(-1) === null && /^ {4}/.test(line)) {
      page.blocks.at(-1).lines.push(line.slice(4));
    } else {
      prose.push(line);
    }
    isAfterGap = line.trim() === '';
  }
  readProse(page, prose.filter((line) => line !== null).join('\n'));
  return page;
}

function readProse(page, text) {
  for (const [, heading] of text.matchAll(/^#{1,6} +(.*?) *#*$/gm)) page.headings.push(heading);
  for (const [, , span] of text.matchAll(/(`+)([\s\S]*?[^`])\1(?!`)/g)) {
    page.spans.push(span.replaceAll(/\s+/g, ' ').trim());
  }
  const withoutCode = text.replaceAll(/(`+)[\s\S]*?[^`]\1(?!`)/g, '');
  for (const [, target] of withoutCode.matchAll(/\]\(([^)\s]+)(?: "[^"]*")?\)/g)) {
    page.links.push(target);
  }
  for (const [, target] of text.matchAll(/<(?:img|source)[^>]*?(?:src|srcset)="([^"]+)"/g)) {
    page.links.push(target);
  }
}

/** @returns {Set<string>} what a link may name in the page, as GitHub makes it of the headings */
export function anchorsOf({ headings }) {
  const found = new Set();
  for (const heading of headings) {
    const plain = heading.replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1').replaceAll(/\\(.)/g, '$1');
    const slug = plain
      .trim()
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\p{M}_ -]/gu, '')
      .replaceAll(' ', '-');
    let anchor = slug;
    for (let again = 1; found.has(anchor); again += 1) anchor = `${slug}-${again}`;
    found.add(anchor);
  }
  return found;
}

/**
 * Command lines of `rookery` in blocks of code, each in one piece also where it goes on in lines
 * further in, and in inline code.
 *
 * @param {Page} page
 * @returns {string[]} from the word behind `rookery` on, without comments
 */
export function commandLinesIn({ blocks, spans }) {
  const inBlocks = blocks.flatMap(({ lines }) => {
    const found = [];
    let indent = null;
    for (const line of lines) {
      const begun = /^(\s*)(?:sudo )?(?:npx )?rookery (.*)$/.exec(line);
      if (begun !== null) {
        indent = begun[1].length;
        found.push(begun[2]);
      } else if (indent !== null && line.search(/\S/) > indent) {
        found.push(`${found.pop().replace(/\s*\\$/, '')} ${line.trim()}`);
      } else {
        indent = null;
      }
    }
    return found;
  });
  const inSpans = spans.flatMap((span) => {
    const named = /^(?:sudo )?(?:npx )?rookery ([a-z-].*)$/.exec(span);
    return named === null ? [] : [named[1]];
  });
  return [...inBlocks, ...inSpans].map((line) => line.replace(/\s#\s.*$/, '').trim());
}

/** @returns {string[]} `--words` of a text */
export function optionsIn(text) {
  return text.match(/(?<![\w-])--[a-z][\w-]*/g) ?? [];
}

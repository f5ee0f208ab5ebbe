// JSON as the host writes and reads it, for AssemblyScript, which brings none.

/**
 * The fields of one object by name: texts without their quotes, all else as it stands. What a field
 * holds that is an object or a list stays JSON.
 */
export function readObject(json: string): Map<string, string> {
  const fields = new Map<string, string>();
  let at = json.indexOf('{') + 1;
  while (at > 0 && at < json.length) {
    const open = json.indexOf('"', at);
    if (open < 0) break;
    const close = endOfText(json, open);
    const name = textOf(json.substring(open, close));
    at = json.indexOf(':', close) + 1;
    if (at <= 0) break;
    while (json.charCodeAt(at) <= 32) at++;
    const end = endOfValue(json, at);
    const value = json.substring(at, end).trim();
    fields.set(name, value.startsWith('"') ? textOf(value) : value);
    at = end + 1;
  }
  return fields;
}

/** A text as JSON. */
export function quote(text: string): string {
  let quoted = '"';
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code == 34 || code == 92) quoted += '\\' + text.charAt(at);
    else if (code < 32) quoted += '\\u00' + (code < 16 ? '0' : '') + code.toString(16);
    else quoted += text.charAt(at);
  }
  return quoted + '"';
}

/** Where the text that begins at a quote ends, after its last quote. */
function endOfText(json: string, open: i32): i32 {
  for (let at = open + 1; at < json.length; at++) {
    const code = json.charCodeAt(at);
    if (code == 92) at++;
    else if (code == 34) return at + 1;
  }
  return json.length;
}

/** Where a value ends: at the next comma or brace of its own level. */
function endOfValue(json: string, start: i32): i32 {
  let depth = 0;
  for (let at = start; at < json.length; at++) {
    const code = json.charCodeAt(at);
    if (code == 34) at = endOfText(json, at) - 1;
    else if (code == 123 || code == 91) depth++;
    else if (code == 125 || code == 93) {
      if (depth == 0) return at;
      depth--;
    } else if (code == 44 && depth == 0) return at;
  }
  return json.length;
}

/** What a quoted text says. */
function textOf(quoted: string): string {
  let text = '';
  for (let at = 1; at < quoted.length - 1; at++) {
    if (quoted.charCodeAt(at) != 92) {
      text += quoted.charAt(at);
      continue;
    }
    at++;
    const mark = quoted.charAt(at);
    if (mark == 'u') {
      text += String.fromCharCode(i32(parseInt(quoted.substr(at + 1, 4), 16)));
      at += 4;
    } else if (mark == 'n') text += '\n';
    else if (mark == 't') text += '\t';
    else if (mark == 'r') text += '\r';
    else if (mark == 'b') text += '\b';
    else if (mark == 'f') text += '\f';
    else text += mark;
  }
  return text;
}

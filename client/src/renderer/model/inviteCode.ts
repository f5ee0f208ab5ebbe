/** The code in what somebody pasted: a code, or a link that invites with one. */
export function codeIn(text: string): string {
  const [, code] = /[?&]invite=([^&#]+)/.exec(text) ?? [];
  return code === undefined ? text.trim() : decodeURIComponent(code);
}

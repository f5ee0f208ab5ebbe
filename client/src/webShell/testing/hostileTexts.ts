/** Texts that try to be more than text: in messages, names, topics and names of files. */
export const hostileTexts: readonly string[] = [
  '<script>alert(1)</script>',
  '<img src=x onerror=alert(1)>',
  '[click](javascript:alert(1))',
  '[click](JaVaScRiPt&colon;alert(1))',
  '[click](data:text/html,<script>alert(1)</script>)',
  '[click](vbscript:msgbox(1))',
  '<javascript:alert(1)>',
  '![pixel](https://example.org/pixel.png)',
  '[![pixel](https://example.org/pixel.png)](https://example.org)',
  '<svg/onload=alert(1)>',
  '<math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>',
  '<a href="https://example.org" onclick="alert(1)">x</a>',
  '[x](https://example.org "title\\" onmouseover=alert(1)")',
  '[https://bank.example](https://elsewhere.example/login)',
  '```\n</code></pre><script>alert(1)</script>\n```',
  '```"><img src=x onerror=alert(1)>\ncode\n```',
  '<iframe srcdoc="<script>alert(1)</script>"></iframe>',
  '<style>*{display:none}</style>',
  '||<img src=x onerror=alert(1)>||',
  '<@00000000-0000-4000-8000-00000000000a" onclick="alert(1)>',
  '{{ constructor.constructor("alert(1)")() }}',
  '${alert(1)} <%= alert(1) %>',
  '&lt;script&gt;alert(1)&lt;/script&gt;',
  '__proto__ constructor toString',
];

/** Texts that try to change the direction, or the look, of what stands around them. */
export const bidiTexts: readonly string[] = [
  '\u202Egnp.exe\u202C and after',
  '\u202Eno end of the override',
  '\u2066isolated without an end',
  '\u2067right to left, isolated\u2069\u2069\u2069 too many ends',
  '\u200F\u061C marks alone',
  'עברית first, then English',
  'Zalgo: Z\u0351\u0300\u0343a\u0334\u0314\u0301l\u0335\u0321g\u0336o\u0337',
];

/** Names that are allowed, and look like markup, or run from right to left. */
export const hostileNames: readonly string[] = [
  '<img src=x onerror=alert(1)>',
  '"><script>alert(1)<script>',
  "{{7*7}}' onfocus=alert(1)",
  'עברית <b>',
];

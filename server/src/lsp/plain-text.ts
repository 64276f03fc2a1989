/**
 * Markdown as a reader of plain text wants it: without the marks of code, emphasis and tables, with the addresses of
 * links. It knows no more of Markdown than our hovers use.
 */
export function plainText(markdown: string): string {
  return markdown
    .replace(/^\|(?: ?:?-+:? ?\|)+\n/gm, "")
    .replace(/^\| (.*) \|$/gm, "$1")
    .replace(codeOrWords, (part, _fence: unknown, code: string | undefined) =>
      code === undefined ? plainWords(part) : code.replace(/^ (?=.*[^ ])(.*) $/s, "$1"),
    )
    .trim();
}

/** A code span, from a run of backticks to the next one of that length (CommonMark 0.31.2, 6.1), or what is between. */
const codeOrWords = /(?<!`)(`+)(?!`)(.*?)(?<!`)\1(?!`)|[^`]+|`+/gs;

function plainWords(markdown: string): string {
  return markdown
    .replace(/\[([^[\]\n]*)\]\(([^()\n]*)\)/g, "$1 ($2)")
    .replace(/<(https?:[^<>\s]+)>/g, "$1")
    .replaceAll("**", "")
    .replace(/(?<![\w*\\])[*_](?=\S)([^*_\n]+)(?<![\s\\])[*_](?![\w*])/g, "$1")
    .replace(/^#{1,6} /gm, "")
    .replace(/\\([\\`*_{}[\]()#+.!|<>~-])/g, "$1");
}

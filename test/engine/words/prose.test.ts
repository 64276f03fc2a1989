import assert from "node:assert/strict";
import { test } from "node:test";
import { texts } from "../../../server/src/engine/kubernetes/schema/data/descriptions.js";
import { prose } from "../../../server/src/engine/words/prose.js";
import { plainText } from "../../../server/src/lsp/plain-text.js";

const cases: readonly (readonly [text: string, markdown: string])[] = [
  ["One line.", "One line."],
  ["Two\nlines are one.", "Two lines are one."],
  ["One paragraph.\n\nAnother.", "One paragraph.\n\nAnother."],
  ["Either\n- this\n  or so\n- that\nand on.", "Either\n\n- this or so\n- that\n\nand on."],
  ["\\* one\n\\* two", "- one\n- two"],
  ["a DNS_LABEL, not *bold*, nor [a](link)", "a DNS\\_LABEL, not \\*bold\\*, nor \\[a\\](link)"],
  ["`<name>_x` stays", "`<name>_x` stays"],
  ["<script>alert(1)</script>", "\\<script\\>alert(1)\\</script\\>"],
  ["see https://kubernetes.io/docs/a_b/#c.", "see <https://kubernetes.io/docs/a_b/#c>."],
  ["(https://kubernetes.io/)", "(<https://kubernetes.io/>)"],
  ["an unclosed ` backtick", "an unclosed \\` backtick"],
];
for (const [text, markdown] of cases) {
  test(JSON.stringify(text), () => assert.equal(prose(text), markdown));
}

/** Words and punctuation; how they stand on lines may change, and the marks of lists. */
const words = (text: string) =>
  text
    .replace(/^\s*(?:\\?\*|-) /gm, " ")
    .replaceAll("\\*", "*")
    .replace(/`([^`]+)`/g, "$1")
    .split(/\s+/)
    .filter((word) => word !== "");

test("every text of the API is shown word for word", () => {
  for (const text of texts()) assert.deepEqual(words(plainText(prose(text))), words(text), text);
});

test("and means nothing in Markdown but lists, code and addresses", () => {
  for (const text of texts()) {
    const rest = prose(text)
      .replace(/`[^`]+`/g, "")
      .replace(/<https?:\/\/[^<>\s]+>/g, "")
      .replace(/\\[\\`*_[\]<>~|#]/g, "")
      .replace(/^- /gm, "");
    assert.doesNotMatch(rest, /[\\`*_[\]<>~|#]/, text);
  }
});

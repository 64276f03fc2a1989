import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { code, table } from "../../../server/src/engine/words/markdown.js";

/** What CommonMark makes of a text that is one code span (section 6.1); `undefined` where it is not exactly one. */
function codeSpan(markdown: string): string | undefined {
  const [, fence = "", inside = ""] = /^(`+)(?!`)([^]*?[^`])\1$/.exec(markdown) ?? [];
  if (fence === "" || (inside.match(/`+/g) ?? []).some((run) => run.length === fence.length)) return undefined;
  if (/[\r\n]/.test(inside)) return undefined;
  return /^ .*[^ ].* $/.test(inside) ? inside.slice(1, -1) : inside;
}

describe("code", () => {
  const check = (text: string, markdown: string): void => {
    test(JSON.stringify(text), () => assert.equal(code(text), markdown));
  };
  check("db-0", "`db-0`");
  check("", '`""`');
  check("a`b``c", "```a`b``c```");
  check("`", "`` ` ``");
  check("<img onerror=alert(1)>", "`<img onerror=alert(1)>`");
  check("one\ntwo", "`one\\u000atwo`");
  check("a\u202eb", "`a\\u202eb`");
  check("x".repeat(400), `\`${"x".repeat(300)}...\``);

  test("any text is one code span that shows it", () => {
    const text = fc.oneof(fc.string({ unit: fc.constantFrom("`", " ", "a", "|", "\\", "<", "]", "(") }), fc.string());
    fc.assert(fc.property(text, (name) => assert.equal(codeSpan(code(name)), name === "" ? '""' : name)));
  });
});

test("a cell's bars do not end it", () => {
  const markdown = table(["What"], [[code("a|b")], ["c"]]);
  assert.equal(markdown, "| What |\n| --- |\n| `a\\|b` |\n| c |");
});

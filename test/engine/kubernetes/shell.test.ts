import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { shellCommands } from "../../../server/src/engine/kubernetes/shell.js";
import { assertLinear } from "../../harness/linear.js";

/** Each command as its words between bars and its separator. */
const scripts: readonly (readonly [script: string, commands: readonly string[] | undefined])[] = [
  ["", []],
  ["a 'b c'; d", ["a|'b c';", "d;"]],
  ["a &&\n\n b || c & d", ["a&&", "b||", "c&", "d;"]],
  ["a |\n  grep x", ["a|||grep|x;"]],
  ["a > /dev/null 2>&1 < in &> out && b", ["a&&", "b;"]],
  ["a 2", ["a|2;"]],
  ["a 2>1", ["a;"]],
  ["# one\na # two\nb#c \\\n d", ["a;", "b#c|d;"]],
  ["until a; do b; done", ["until|a;", "do;", "b;", "done;"]],
  ["(a; b)\n{ c; }", ["(;", "a;", "b|);", "{;", "c;", "};"]],
  [`$(a "b c" | d) "$(e 'f g')" \`h i\` \${j:-k l} m\\ n`, [`$(a "b c" | d)|"$(e 'f g')"|\`h i\`|\${j:-k l}|m\\ n;`]],
  ["$((1 + (2 - 3))) a", ["$((1 + (2 - 3)))|a;"]],
  ["a 'b", undefined],
  ["a $(b", undefined],
  ["cat << EOF\na\nEOF", undefined],
  ["diff <(a) <(b)", undefined],
];

describe("the commands of a script", () => {
  for (const [script, expected] of scripts) {
    test(script, () => {
      const commands = shellCommands(script)?.map(({ words, separator }) => words.join("|") + separator);
      assert.deepEqual(commands, expected);
    });
  }

  const units = [
    " ",
    "a ",
    "$(",
    "${",
    "((",
    '"',
    "'",
    "`",
    "\\",
    "<",
    "&",
    "#",
    "# \n",
    "until a; do ",
    "2>1 ",
    ";\n",
  ];
  for (const unit of units) {
    test(`many times ${JSON.stringify(unit)}`, () => {
      assertLinear((count) => shellCommands(`a ${unit.repeat(count)}'`), 20_000);
    });
  }
});

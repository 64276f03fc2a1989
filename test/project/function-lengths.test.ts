import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { parseSync, Visitor, type Span } from "oxc-parser";
import { repo } from "../harness/repo.js";

/** Lines of a function, those of functions within it among them. */
const most = 80;
/** How many functions may be longer, with a reason in the comment directly above: `Long because ...`. */
const mostWithReason = 3;

/** The functions of a text that are too long: where, of how many lines, and with a reason or not. */
function longFunctions(file: string, text: string) {
  const { program, errors, comments } = parseSync(file, text);
  assert.deepEqual(errors, [], file);
  const lineAt = (offset: number) => text.slice(0, offset).split("\n").length;
  const found: { readonly where: string; readonly lines: number; readonly hasReason: boolean }[] = [];
  const measure = ({ start, end }: Span) => {
    const lines = text.slice(start, end).split("\n").length;
    if (lines <= most) return;
    const line = lineAt(start);
    const above = comments.find((comment) => lineAt(comment.end) === line - 1);
    found.push({ where: `${file}:${line}`, lines, hasReason: /\bLong because \w/.test(above?.value ?? "") });
  };
  new Visitor({
    FunctionDeclaration: measure,
    FunctionExpression: measure,
    ArrowFunctionExpression: measure,
  }).visit(program);
  return found;
}

test("a function is measured with what is in it, and its reason is read", () => {
  const body = (lines: number) => "  work();\n".repeat(lines);
  assert.deepEqual(longFunctions("a.ts", `function short() {\n${body(most - 2)}}\n`), []);
  const nested = `class A {\n  #b() {\n    const c = () => {\n${body(most - 2)}    };\n  }\n}\n`;
  assert.deepEqual(longFunctions("a.ts", nested), [{ where: "a.ts:2", lines: most + 2, hasReason: false }]);
  const withReason = `/** Does it. Long because it is a table. */\nexport const d = () => [\n${"  1,\n".repeat(most)}];\n`;
  assert.deepEqual(longFunctions("a.ts", withReason), [{ where: "a.ts:2", lines: most + 2, hasReason: true }]);
});

test(`no function is longer than ${most} lines without a reason`, () => {
  const found = ["server/src", "client/src"].flatMap((folder) =>
    readdirSync(repo(folder), { recursive: true, encoding: "utf8" })
      .filter((name) => /\.tsx?$/.test(name))
      .map((name) => `${folder}/${name.replaceAll(path.sep, "/")}`)
      .flatMap((file) => longFunctions(file, readFileSync(repo(file), "utf8"))),
  );
  assert.deepEqual(
    found.filter(({ hasReason }) => !hasReason),
    [],
    "make steps of them, or say why in the comment directly above: `Long because ...`",
  );
  assert.ok(found.length <= mostWithReason, `${found.length} functions say why they are long`);
});

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { chmodSync, writeFileSync } from "node:fs";
import path from "node:path";
import process from "node:process";
import { test, type TestContext } from "node:test";
import { repo } from "../harness/repo.js";
import { directoryWith, ordinal } from "./ordinal.js";

async function wordsAfter(...words: readonly string[]): Promise<readonly string[]> {
  const { code, stdout, stderr } = await ordinal(["complete", "--", ...words], { cwd: repo() });
  assert.deepEqual([code, stderr], [0, ""]);
  return stdout
    .split("\n")
    .slice(0, -1)
    .map((line) => line.split("\t")[0] ?? "");
}

const completions: readonly (readonly [words: readonly string[], found: readonly string[]])[] = [
  [[""], ["lint", "plan", "explain", "init", "completion", "help"]],
  [["l"], ["lint"]],
  [["--ver"], ["--version"]],
  [["lint", "--fo"], ["--format"]],
  [
    ["lint", "--format", ""],
    ["pretty", "json", "sarif", "github", "gitlab", "junit"],
  ],
  [
    ["lint", "k8s/", "--format", "g"],
    ["github", "gitlab"],
  ],
  [["lint", "--profile", "s"], ["strict"]],
  [["lint", ""], []],
  [["lint", "--baseline", ""], []],
  [["lint", "--rule", "service-miss"], ["service-missing="]],
  [["lint", "--rule", "service-missing=e"], ["service-missing=error"]],
  [["explain", "service-name-u"], ["service-name-unset"]],
  [
    ["completion", ""],
    ["bash", "zsh", "fish"],
  ],
];
for (const [words, found] of completions) {
  test(`after ${JSON.stringify(words)}`, async () => assert.deepEqual(await wordsAfter(...words), found));
}

/** A directory for the PATH in which `ordinal` is the one that was built. */
function onPath(context: TestContext): NodeJS.ProcessEnv {
  const bin = directoryWith(context, {});
  const main = repo("out/server/src/cli/commands/main.js");
  writeFileSync(path.join(bin, "ordinal"), `#!/bin/sh\nexec "${process.execPath}" "${main}" "$@"\n`);
  chmodSync(path.join(bin, "ordinal"), 0o755);
  return { ...process.env, HOME: bin, PATH: `${bin}${path.delimiter}${process.env["PATH"]}` };
}

/** For each shell, a program that prints what it completes; `TYPED` is the command line, with a word at its end. */
const shells: readonly (readonly [shell: string, program: string])[] = [
  [
    "bash",
    `source <(ordinal completion bash)
     COMP_LINE="$TYPED" COMP_POINT=\${#TYPED}
     read -r -a COMP_WORDS <<< "\${TYPED//=/ = }"
     [[ "$TYPED" == *" " ]] && COMP_WORDS+=("")
     COMP_CWORD=$((\${#COMP_WORDS[@]} - 1))
     _ordinal; printf '%s\\n' "\${COMPREPLY[@]}"`,
  ],
  [
    "zsh",
    `compdef() { }
     source <(ordinal completion zsh)
     _files() { echo files }
     _describe() { print -l -- \${found%%:*} }
     words=(\${(s: :)TYPED}); [[ "$TYPED" == *" " ]] && words+=("")
     CURRENT=\${#words}
     _ordinal`,
  ],
  ["fish", `ordinal completion fish | source; complete -C "$TYPED" | string replace -r '\\t.*' ''`],
];
for (const [shell, program] of shells) {
  const isThere = spawnSync(shell, ["-c", "true"]).status === 0;
  test(`${shell} completes`, { skip: isThere ? false : `${shell} is not installed` }, (context) => {
    const env = onPath(context);
    const completed = (typed: string) => {
      const { stdout, stderr } = spawnSync(shell, ["-c", program], { env: { ...env, TYPED: typed }, encoding: "utf8" });
      assert.equal(stderr, "");
      return stdout.trim().split("\n");
    };
    assert.deepEqual(completed("ordinal li"), ["lint"]);
    assert.deepEqual(completed("ordinal lint --format g").toSorted(), ["github", "gitlab"]);
    const [setting] = completed("ordinal lint --rule service-missing=e");
    // bash wants what follows the equals sign.
    assert.equal(setting, shell === "bash" ? "error" : "service-missing=error");
  });
}

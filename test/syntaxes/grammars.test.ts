import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import process from "node:process";
import { test } from "node:test";
import {
  behaviourOf,
  creating,
  defaultConfig,
  planText,
  simulate,
  type Simulation,
} from "../../server/src/engine/api.js";
import { repo } from "../harness/repo.js";

for (const file of ["comments.test.txt", "plan.test.txt"]) {
  test(`scopes of ${file}`, () => checkScopes(repo("test/syntaxes", file)));
}

test("every step and claim of a plan as it is printed has its scopes", (context) => {
  const directory = mkdtempSync(path.join(tmpdir(), "ordinal-syntaxes-"));
  context.after(() => rmSync(directory, { recursive: true, force: true }));
  const simulation = simulate({
    scenario: creating({ name: "db", revision: "a", replicas: 3, claims: ["data"] }),
    behaviour: behaviourOf(defaultConfig.kubernetesVersion, {}),
  });
  const file = path.join(directory, "printed.test.txt");
  writeFileSync(file, withAssertions(simulation));
  checkScopes(file);
});

/** The printed plan, and below each line that names a pod or a claim that its name is one. */
function withAssertions(simulation: Simulation): string {
  const names = [
    ...simulation.steps.map(({ claim, pod }) => ({
      name: claim ?? pod,
      scope: "entity.name.tag.subject.ordinal-plan",
    })),
    ...simulation.claims.map(({ name }) => ({ name, scope: "entity.name.tag.claim.ordinal-plan" })),
  ];
  // Lines of steps and claims are the only ones that are indented behind the picture: nothing is stuck.
  const [verdict = "", , ...behind] = planText(simulation, "create StatefulSet db").split("\n\n");
  let next = 0;
  const lines = [verdict, "", ...behind.join("\n\n").split("\n")].flatMap((line) => {
    if (!line.startsWith("  ")) return [line];
    const { name, scope } = names[next++] ?? {};
    if (name === undefined) return [line];
    const column = line.indexOf(` ${name} `) + 1;
    return [line, `//${" ".repeat(column - 2)}${"^".repeat(name.length)} ${scope}`];
  });
  assert.equal(next, names.length);
  return ['// SYNTAX TEST "text.ordinal-plan"', ...lines, ""].join("\n");
}

function checkScopes(file: string): void {
  const tool = repo("node_modules/vscode-tmgrammar-test/dist/unit.js");
  const glob = file.replaceAll(path.sep, "/");
  const argv = [tool, "--config", repo("test/syntaxes/grammars.json"), glob];
  const { status, stdout, stderr } = spawnSync(process.execPath, argv, { encoding: "utf8" });
  assert.equal(status, 0, `${stdout}${stderr}`);
}

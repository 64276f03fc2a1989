import assert from "node:assert/strict";
import { test } from "node:test";
import { parse, stringify } from "yaml";
import { drainRunbook } from "../../../server/src/engine/maintenance/drain-runbook.js";
import type { PlayResult } from "../../../server/src/engine/maintenance/plays.js";
import { runbookLines } from "../../../server/src/engine/rollout/runbook.js";
import { apart, budgetFor, playOn, setWith } from "./manifests.js";

const drainAll = { type: "drain-all", surge: false } as const;

/** The commands of the runbook, without its first and last step, which stop the drain and begin it again. */
function commandsOf(result: PlayResult): readonly string[] {
  const runbook = drainRunbook(result);
  assert.ok(runbook !== undefined);
  const [first, ...between] = runbook.steps;
  const last = between.pop();
  assert.deepEqual(first?.commands, ["kubectl uncordon node-0"]);
  assert.deepEqual(last?.commands, ["kubectl drain node-0 --ignore-daemonsets --delete-emptydir-data"]);
  return between.flatMap(({ commands }) => commands);
}

interface WrittenBudget {
  readonly metadata: { readonly name: string };
  readonly spec: Readonly<Record<string, unknown>>;
}

/** The budgets after the commands, which delete them or patch their spec. */
function after(budgets: readonly string[], commands: readonly string[]): readonly string[] {
  return budgets.flatMap((text) => {
    let budget: WrittenBudget | undefined = parse(text.replace("---\n", ""));
    for (const command of commands) {
      const [, verb, name] = / (delete|patch) poddisruptionbudget (\S+)/.exec(command) ?? [];
      if (budget?.metadata.name !== name) continue;
      const patch: Pick<WrittenBudget, "spec"> = JSON.parse(/--patch '(.*?)'/.exec(command)?.[1] ?? "{}");
      const spec = { ...budget?.spec, ...patch.spec };
      budget = verb === "delete" || budget === undefined ? undefined : { ...budget, spec };
    }
    return budget === undefined ? [] : [`${stringify(budget)}---\n`];
  });
}

for (const limit of [
  "maxUnavailable: 0",
  'maxUnavailable: "0%"',
  "minAvailable: 3",
  "minAvailable: 7",
  'minAvailable: "67%"',
  'minAvailable: "100%"',
]) {
  test(`after the runbook of a drain that a budget with ${limit} holds, every node drains`, () => {
    const budget = budgetFor(limit);
    const set = setWith({ pod: apart });
    const commands = commandsOf(playOn(set + budget, 3, drainAll));
    assert.equal(commands.length, 1);
    assert.equal(playOn(set + after([budget], commands).join(""), 3, drainAll).outcome.type, "done");
  });
}

test("of several budgets the runbook keeps one, and then the node drains", () => {
  const budgets = ["db", "more", "all"].map((name) =>
    budgetFor("maxUnavailable: 1").replace("name: db", `name: ${name}`),
  );
  const set = setWith({});
  const commands = commandsOf(playOn(set + budgets.join(""), 3, drainAll));
  assert.deepEqual(commands, ["kubectl delete poddisruptionbudget db", "kubectl delete poddisruptionbudget more"]);
  assert.equal(playOn(set + after(budgets, commands).join(""), 3, drainAll).outcome.type, "done");
});

test("of several budgets the runbook keeps one that lets a pod go", () => {
  const budgets = [budgetFor("maxUnavailable: 0"), budgetFor("maxUnavailable: 1").replace("name: db", "name: one")];
  const commands = commandsOf(playOn(setWith({}) + budgets.join(""), 3, drainAll));
  assert.deepEqual(commands, ["kubectl delete poddisruptionbudget db"]);
  assert.equal(playOn(setWith({}) + after(budgets, commands).join(""), 3, drainAll).outcome.type, "done");
});

test("a budget that allows nothing is changed even if pods of it are not Ready now", () => {
  const faults = [{ ordinals: [2], revision: "new", effect: { type: "neverReady" } }] as const;
  const result = playOn(
    setWith({}) + budgetFor("minAvailable: 3"),
    3,
    { type: "drain-node", node: "node-0" },
    {
      rollout: true,
      faults,
    },
  );
  assert.deepEqual(commandsOf(result), [
    "kubectl describe pod db-2",
    `kubectl patch poddisruptionbudget db --type=merge --patch '{"spec":{"minAvailable":2}}'`,
  ]);
});

test("the runbook is ready for a shell", () => {
  const runbook = drainRunbook(playOn(setWith({}) + budgetFor("maxUnavailable: 0"), 3, drainAll));
  assert.deepEqual(runbook === undefined ? [] : runbookLines(runbook), [
    "# Stop the drain (Ctrl+C) and let the node take pods again, so that nothing waits for it meanwhile",
    "kubectl uncordon node-0",
    "# Let budget db give up one pod at a time; write it to your manifest too",
    `kubectl patch poddisruptionbudget db --type=merge --patch '{"spec":{"maxUnavailable":1}}'`,
    "# Then drain the node again",
    "kubectl drain node-0 --ignore-daemonsets --delete-emptydir-data",
  ]);
});

test("a play that gets to its end needs no runbook", () => {
  assert.equal(drainRunbook(playOn(setWith({}) + budgetFor("maxUnavailable: 1"), 3, drainAll)), undefined);
});

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { repo } from "../../harness/repo.js";
import { analyse, root } from "../../harness/workspace.js";

/** A recording of test/truth/eviction.jsonl, as far as its start is looked at here. */
interface Recording {
  readonly id: string;
  readonly desc: string;
  readonly set: string;
  readonly budgets: readonly string[];
  readonly states: Readonly<Record<string, unknown>>;
  readonly steps?: readonly [
    {
      /** expectedPods, desiredHealthy, currentHealthy, disruptionsAllowed, reason */
      readonly budgets: Readonly<Record<string, readonly [number, number, number, number, string]>>;
      readonly pods: Readonly<Record<string, string>>;
      readonly refused?: unknown;
    },
  ];
}

const recordings = readFileSync(repo("test/truth/eviction.jsonl"), "utf8")
  .split("\n")
  .filter((line) => line !== "")
  .map((line): Recording => JSON.parse(line));

const service =
  "apiVersion: v1\nkind: Service\nmetadata: { name: web }\nspec: { clusterIP: None, selector: { app: web } }\n";

/** What is said of the budgets by the rules of a recording's manifests: `web pdb-blocks-drain`. */
function told({ set, budgets }: Recording): ReadonlySet<string> {
  const analysis = analyse([set, service, ...budgets].join("---\n"));
  const findings = analysis.findings(`${root}main.yaml`).filter(({ rule }) => rule.startsWith("pdb-"));
  return new Set(findings.map(({ rule, resource }) => `${resource?.name ?? ""} ${rule}`));
}

let compared = 0;
for (const recording of recordings) {
  const [start] = recording.steps ?? [];
  // Where all pods are Ready and nothing but the set has any, a budget that allows no eviction never will.
  const isWhole = start !== undefined && Object.values(start.pods).every((state) => state === "ready");
  if (!isWhole || start.refused !== undefined || Object.keys(recording.states).length > 0) continue;
  if (recording.budgets.length === 0 || Object.keys(start.budgets).length === 0) continue;
  compared += 1;
  test(`${recording.id}: ${recording.desc}`, () => {
    const said = told(recording);
    const budgets = Object.entries(start.budgets);
    for (const [name, [expected, , healthy, allowed]] of budgets) {
      const hasNoLimit = recording.budgets.some(
        (text) => text.includes(`name: ${name}\n`) && !/Available:|Unavailable:/.test(text),
      );
      const blocks = allowed === 0 && (healthy > 0 || hasNoLimit) && (expected > 0 || hasNoLimit);
      assert.equal(said.has(`${name} pdb-blocks-drain`), blocks, `${name} allows ${allowed} of ${healthy}`);
    }
    const selecting = budgets.filter(([, [, , healthy]]) => healthy > 0);
    assert.equal(said.has("web pdb-multiple"), selecting.length > 1);
  });
}

test("enough recordings are compared", () => assert.ok(compared >= 40, String(compared)));

import assert from "node:assert/strict";
import { test } from "node:test";
import { playedInFile } from "../../../server/src/engine/features/preview/played-objects.js";
import { isMapping } from "../../../server/src/engine/yaml/plain.js";
import { budgetFor, setWith } from "../maintenance/manifests.js";
import { analyse, root } from "../../harness/workspace.js";

const file = (name: string, text: string): string => `# file: ${name}\n${text}`;

test("a set is played with the budgets that select it, wherever in scope they are", () => {
  const fixture =
    file("db.yaml", setWith({})) +
    file("pdb/db.yaml", budgetFor("maxUnavailable: 1")) +
    file("pdb/web.yaml", budgetFor("maxUnavailable: 1", "web"));
  assert.deepEqual(found(fixture, "db.yaml"), { sets: ["db"], budgets: ["default/db"], notes: [] });
});

test("with the other sets of its file, the chosen one first", () => {
  const fixture = file(
    "all.yaml",
    setWith({ name: "web" }) + setWith({}) + budgetFor("maxUnavailable: 1") + budgetFor("maxUnavailable: 1", "web"),
  );
  assert.deepEqual(found(fixture, "all.yaml", 1), { sets: ["db"], budgets: ["default/db"], notes: [] });
  const together = found(fixture, "all.yaml", 1, true);
  assert.deepEqual(together, { sets: ["db", "web"], budgets: ["default/db", "default/web"], notes: [] });
});

test("a budget without a namespace is applied where the set is, one of another namespace elsewhere", () => {
  const inProd = setWith({}).replace("name: db }", "name: db, namespace: prod }");
  const elsewhere = budgetFor("minAvailable: 3").replace("name: db }", "name: other, namespace: dev }");
  const fixture = file("db.yaml", inProd + budgetFor("maxUnavailable: 1") + elsewhere);
  assert.deepEqual(found(fixture, "db.yaml"), { sets: ["db"], budgets: ["prod/db"], notes: [] });
});

test("what a kustomization builds is played as it is built", () => {
  const fixture =
    file("kustomization.yaml", "namespace: prod\nnamePrefix: my-\nresources: [db.yaml, pdb.yaml]\n") +
    file("db.yaml", setWith({})) +
    file("pdb.yaml", budgetFor("maxUnavailable: 1"));
  assert.deepEqual(found(fixture, "db.yaml"), { sets: ["my-db"], budgets: ["prod/my-db"], notes: [] });
});

test("nothing is promised of what a tool fills in", () => {
  const chart = file("Chart.yaml", "name: db\nversion: 1.0.0\n") + file("values.yaml", "{}\n");
  const open = setWith({ spec: 'minReadySeconds: {{ include "db.seconds" . }}' });
  assert.match(problems(chart + file("templates/db.yaml", open), "templates/db.yaml"), /is filled in by another tool/);
  assert.match(problems(file("db.yaml", setWith({})), "db.yaml", 4), /not in the manifest any more/);
});

function found(fixture: string, name: string, index = 0, together = false) {
  const result = objects(fixture, name, index, together);
  assert.ok(result.type === "found", JSON.stringify(result));
  const { statefulSets, budgets, notes } = result;
  return { sets: statefulSets.map(({ key }) => key.name), budgets: budgets.map(nameOf), notes };
}

function problems(fixture: string, name: string, index = 0): string {
  const result = objects(fixture, name, index, false);
  assert.ok(result.type === "nothing", JSON.stringify(result));
  return result.problems.join();
}

function objects(fixture: string, name: string, index: number, together: boolean) {
  const analysis = analyse(fixture);
  return playedInFile(analysis.documents(root + name), { index, together }, (id) =>
    analysis.documents(id.uri).at(id.document),
  );
}

function nameOf(budget: unknown): string {
  const metadata = isMapping(budget) ? budget["metadata"] : undefined;
  return isMapping(metadata) ? `${String(metadata["namespace"])}/${String(metadata["name"])}` : "";
}

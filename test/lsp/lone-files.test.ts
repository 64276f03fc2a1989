import assert from "node:assert/strict";
import { test } from "node:test";
import type { DocumentDiagnosticReport } from "vscode-languageserver/node";
import { connect, summaries, textDocument } from "./client.js";
import { service, statefulSet } from "./manifests.js";

const capabilities = { textDocument: { diagnostic: {} } };

/** `rootUri: null`, no folders, and one file that was opened. */
for (const uri of ["file:///home/me/db.yaml", "untitled:Untitled-1", "git:/home/me/db.yaml?ref=HEAD"]) {
  const found = async (t: Parameters<typeof connect>[0], text: string) => {
    const client = await connect(t, { capabilities });
    await client.open(uri, text);
    const report = await client.request<DocumentDiagnosticReport>("textDocument/diagnostic", textDocument(uri));
    return report.kind === "full" ? summaries(report.items) : [];
  };

  test(`${uri}: a misspelt Service of the same file is told`, async (t) => {
    assert.deepEqual(await found(t, `${statefulSet("bd")}---\n${service("db")}`), ["service-missing 7:16"]);
  });

  test(`${uri}: a budget that lets no pod go is told`, async (t) => {
    const budget = "apiVersion: policy/v1\nkind: PodDisruptionBudget\nmetadata:\n  name: db\n";
    const spec = "spec:\n  minAvailable: 3\n  selector:\n    matchLabels:\n      app: db\n";
    const all = await found(t, `${statefulSet("db")}---\n${service("db")}---\n${budget}${spec}`);
    assert.deepEqual(
      all.map((one) => one.split(" ")[0]),
      ["pdb-blocks-drain"],
    );
  });

  test(`${uri}: nothing is said to be nowhere, since what lies around is not read`, async (t) => {
    assert.deepEqual(await found(t, statefulSet("db")), []);
    assert.deepEqual(await found(t, `${statefulSet("db")}---\n${service("other").replace("app: db", "app: x")}`), []);
  });

  test(`${uri}: a comment about what may be nowhere is not called needless`, async (t) => {
    assert.deepEqual(await found(t, `# ordinal-disable service-missing -- made elsewhere\n${statefulSet("db")}`), []);
  });
}

import assert from "node:assert/strict";
import { DiagnosticSeverity, workspace } from "vscode";
import { headlessService, statefulSet } from "./manifests.js";
import {
  diagnosticOf,
  diagnosticsOnce,
  file,
  gone,
  open,
  openNew,
  placeOf,
  replace,
  ruleOf,
  watched,
  writeFile,
} from "./workspace.js";

suite("diagnostics", () => {
  test("say what is wrong, where, and where to read more", async () => {
    const editor = await open(file("cache/statefulset.yaml"));
    const { message, range, severity, code } = await diagnosticOf(editor.document.uri, "retention-invalid-value");
    assert.match(message, /`whenScaled: delete` is not valid/);
    assert.equal(severity, DiagnosticSeverity.Error);
    assert.equal(editor.document.getText(range), "delete");
    assert.ok(typeof code === "object" && code.target.path.includes("retention-invalid-value"));
  });

  test("point at the other resource", async () => {
    const editor = await open(file("cache/statefulset.yaml"));
    const { range, severity, relatedInformation } = await diagnosticOf(editor.document.uri, "service-missing");
    assert.equal(editor.document.getText(range), "sentinels");
    assert.equal(severity, DiagnosticSeverity.Warning);
    const [service] = relatedInformation ?? [];
    assert.ok(service);
    assert.equal(editor.document.getText(service.location.range), "cache-sentinel");
  });

  test("reach files that are not open, and go with them", async () => {
    await watched("unopened");
    const uri = await writeFile("unopened/web.yaml", statefulSet("unopened"));
    await diagnosticOf(uri, "service-missing");
    await workspace.fs.delete(uri);
    await diagnosticsOnce(uri, (diagnostics) => diagnostics.length === 0);
  });

  test("follow an edit in another file", async () => {
    const service = await openNew("across/service.yaml", headlessService("across"));
    const set = await openNew("across/set.yaml", statefulSet("across"));
    await gone(set.document.uri, "service-missing");
    const shown = await open(service.document.uri);
    await replace(shown, "name: across", "name: elsewhere");
    const { message } = await diagnosticOf(set.document.uri, "service-missing");
    assert.match(message, /across.*elsewhere/);
  });

  test("are told of a manifest in JSON", async () => {
    const manifest = { apiVersion: "v1", kind: "Service", metadata: { name: "json" }, spec: { clusterIp: "None" } };
    const editor = await openNew("json/service.json", JSON.stringify(manifest, undefined, 2));
    const { range } = await diagnosticOf(editor.document.uri, "schema-unknown-field");
    assert.equal(editor.document.getText(range), '"clusterIp"');
  });

  test("name a syntax error once, and go on with the other documents", async () => {
    const text = `${statefulSet("half")}---\napiVersion: v1\nkind: Service\nmetadata:\n  name: [half\n`;
    const editor = await openNew("half/typed.yaml", text);
    const all = await diagnosticsOnce(editor.document.uri, (diagnostics) => diagnostics.length > 1);
    const rules = all.map(ruleOf);
    assert.equal(rules.filter((rule) => rule === "yaml-syntax").length, 1, rules.join(", "));
    assert.ok(rules.includes("service-missing"));
    await replace(editor, "[half", "half");
    await gone(editor.document.uri, "yaml-syntax");
  });

  test("are silenced by a comment", async () => {
    const editor = await openNew("silenced/set.yaml", statefulSet("silenced"));
    await diagnosticOf(editor.document.uri, "service-missing");
    const { start } = placeOf(editor, "  serviceName");
    await editor.edit((edit) =>
      edit.insert(start, "  # ordinal-disable-next-line service-missing -- made by an operator\n"),
    );
    await gone(editor.document.uri, "service-missing");
  });
});

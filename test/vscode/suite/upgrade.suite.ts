import assert from "node:assert/strict";
import { commands, ConfigurationTarget, DiagnosticSeverity, languages, workspace, type Diagnostic } from "vscode";
import { statefulSet } from "./manifests.js";
import { openNew, replace, ruleOf, until } from "./workspace.js";

suite("an upgrade of Kubernetes", () => {
  teardown(async () => {
    await commands.executeCommand("ordinal.clearUpgradeCheck");
    await set(undefined);
  });

  const text = statefulSet("upgraded").replace("spec:\n", "spec:\n  podManagementPolicy: Parallel\n");
  const set = (release: string | undefined): Thenable<void> =>
    workspace.getConfiguration("ordinal").update("kubernetesVersion", release, ConfigurationTarget.Global);

  test("is checked for the release that the user picks, and listed with its sources", async () => {
    await set("1.36");
    const { document } = await openNew("upgraded/set.yaml", text);
    const told = (): readonly Diagnostic[] =>
      languages.getDiagnostics(document.uri).filter(({ source }) => source?.includes("upgrade to") === true);
    const run = commands.executeCommand("ordinal.checkUpgrade");
    // The list takes Enter once it is there.
    const enter = setInterval(() => void commands.executeCommand("workbench.action.acceptSelectedQuickOpenItem"), 100);
    const [change, ...others] = await until(languages.onDidChangeDiagnostics, () =>
      told().length > 0 ? told() : undefined,
    );
    clearInterval(enter);
    await run;
    assert.ok(change);
    assert.deepEqual(others, []);
    assert.equal(change.source, "ordinal, upgrade to 1.37");
    assert.equal(change.severity, DiagnosticSeverity.Information);
    assert.equal(document.getText(change.range), "Parallel");
    assert.match(change.message, /another order/);
    assert.equal(ruleOf(change), "upgrade");
    assert.match(
      String(typeof change.code === "object" ? change.code.target : ""),
      /github\.com\/kubernetes\/kubernetes\/pull\/137666/,
    );
    await commands.executeCommand("ordinal.clearUpgradeCheck");
    assert.deepEqual(told(), []);
  });

  test("is checked again when a file is saved", async () => {
    await set("1.36");
    const editor = await openNew("upgraded/again.yaml", text.replaceAll("upgraded", "again"));
    const { document } = editor;
    const told = (): readonly Diagnostic[] =>
      languages.getDiagnostics(document.uri).filter(({ source }) => source === "ordinal, upgrade to 1.37");
    await commands.executeCommand("ordinal.checkUpgrade", "1.37");
    assert.equal(told().length, 1);
    await replace(editor, "Parallel", "OrderedReady");
    await document.save();
    await until(languages.onDidChangeDiagnostics, () => (told().length === 0 ? true : undefined));
  });
});

import assert from "node:assert/strict";
import { commands, env, TabInputWebview, window, workspace, WorkspaceEdit, type Diagnostic } from "vscode";
import { commitAll, initialise } from "../../harness/git.js";
import { headlessService, statefulSet } from "./manifests.js";
import { diagnosticOf, file, fixesAt, gone, lensesOf, openNew, replace, until } from "./workspace.js";

const policy = (name: string) =>
  statefulSet("edited").replace("  serviceName", `  podManagementPolicy: ${name}\n  serviceName`);

suite("an edit", () => {
  test("is compared with the last commit: squiggle, lens, fix and runbook", async () => {
    const text = `${policy("OrderedReady")}---\n${headlessService("edited")}`;
    const editor = await openNew("edited/statefulset.yaml", text);
    const folder = file("edited").fsPath;
    initialise(folder);
    // The repository is looked for when something is saved.
    await replace(editor, "OrderedReady", "Parallel");
    assert.ok(await editor.document.save());
    // Until then it is compared with the saved file.
    const isOfGit = ({ relatedInformation: [was] = [] }: Diagnostic) => was?.message.startsWith("HEAD ") === true;
    const { range, message, relatedInformation } = await diagnosticOf(
      editor.document.uri,
      "immutable-field-changed",
      isOfGit,
    );
    assert.equal(editor.document.getText(range), "Parallel");
    assert.match(message, /`podManagementPolicy` cannot change from `OrderedReady` to `Parallel`/);
    assert.match(relatedInformation?.[0]?.message ?? "", /^HEAD \([0-9a-f]{7}\): `OrderedReady`$/);

    const [lens] = await lensesOf(editor);
    assert.equal(lens?.command?.title, "Rejected: podManagementPolicy is immutable");
    await commands.executeCommand(lens?.command?.command ?? "", ...(lens?.command?.arguments ?? []));
    // The preview is open.
    await until(window.tabGroups.onDidChangeTabs, () =>
      window.tabGroups.all
        .flatMap(({ tabs }) => tabs)
        .find(({ input, label }) => input instanceof TabInputWebview && label.includes("edited")),
    );

    const fixes = await fixesAt(editor, range);
    const runbook = fixes.find(({ title }) => title === "Copy the runbook");
    assert.ok(runbook?.command, fixes.map(({ title }) => title).join("\n"));
    await commands.executeCommand(runbook.command.command, ...(runbook.command.arguments ?? []));
    assert.match(await env.clipboard.readText(), /kubectl delete statefulset edited --cascade=orphan/);

    const restore = fixes.find(({ title }) => title === "Restore OrderedReady");
    assert.ok(restore?.edit instanceof WorkspaceEdit);
    assert.ok(await workspace.applyEdit(restore.edit));
    assert.equal(editor.document.getText(), text);
    await gone(editor.document.uri, "immutable-field-changed");

    // A commit takes the edit.
    await replace(editor, "OrderedReady", "Parallel");
    assert.ok(await editor.document.save());
    await diagnosticOf(editor.document.uri, "immutable-field-changed");
    commitAll(folder);
    await gone(editor.document.uri, "immutable-field-changed");
  });
});

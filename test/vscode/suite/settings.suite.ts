import { writeFileSync } from "node:fs";
import { ConfigurationTarget, DiagnosticSeverity, commands, workspace } from "vscode";
import { clusterOf } from "../../harness/cluster.js";
import { statefulSet } from "./manifests.js";
import { diagnosticOf, diagnosticsOnce, file, gone, open, openNew, ruleOf } from "./workspace.js";

suite("settings take effect at once", () => {
  teardown(async () => {
    await set("rules", undefined);
    await set("kubernetesVersion", undefined);
  });

  test("ordinal.rules switches a rule off and on", async () => {
    const { document } = await open(file("cache/statefulset.yaml"));
    await diagnosticOf(document.uri, "service-missing");
    await set("rules", { "service-missing": "off" });
    await gone(document.uri, "service-missing");
    await set("rules", { "service-missing": "error" });
    await severityOf("service-missing", DiagnosticSeverity.Error);
    await set("rules", undefined);
    await severityOf("service-missing", DiagnosticSeverity.Warning);

    async function severityOf(rule: string, severity: DiagnosticSeverity): Promise<void> {
      await diagnosticsOnce(document.uri, (all) =>
        all.some((one) => ruleOf(one) === rule && one.severity === severity),
      );
    }
  });

  test("ordinal.kubernetesVersion decides what a missing serviceName means", async () => {
    const text = statefulSet("nameless").replace("  serviceName: nameless\n", "");
    const { document } = await openNew("nameless/set.yaml", text);
    const becomes = (severity: DiagnosticSeverity): Promise<unknown> =>
      diagnosticsOnce(document.uri, (all) =>
        all.some((one) => ruleOf(one) === "service-name-unset" && one.severity === severity),
      );
    await becomes(DiagnosticSeverity.Hint);
    await set("kubernetesVersion", "1.32");
    await becomes(DiagnosticSeverity.Error);
  });

  test("ordinal.kubernetesVersion: auto takes what the cluster says when it is asked", async () => {
    await set("kubernetesVersion", "auto");
    const text = statefulSet("asked").replace("  serviceName: asked\n", "");
    const { document } = await openNew("asked/set.yaml", text);
    const becomes = (severity: DiagnosticSeverity): Promise<unknown> =>
      diagnosticsOnce(document.uri, (all) =>
        all.some((one) => ruleOf(one) === "service-name-unset" && one.severity === severity),
      );
    await becomes(DiagnosticSeverity.Hint);
    const cluster = await clusterOf("v1.32.7");
    writeFileSync(process.env["KUBECONFIG"] ?? "", cluster.kubeconfig);
    await commands.executeCommand("ordinal.askCluster");
    await becomes(DiagnosticSeverity.Error);
    cluster.close();
  });

  test("the server starts again on command", async () => {
    await commands.executeCommand("ordinal.restartServer");
    const { document } = await openNew("restarted/set.yaml", statefulSet("restarted"));
    await diagnosticOf(document.uri, "service-missing");
  });
});

function set(key: string, value: unknown): Thenable<void> {
  return workspace.getConfiguration("ordinal").update(key, value, ConfigurationTarget.Global);
}

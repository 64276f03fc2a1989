import { Disposable, languages, workspace, type DocumentSelector } from "vscode";

const setting = "ordinal.kubernetesVersion";

/**
 * Shows in the language status of YAML files for which Kubernetes version they are judged; a click opens the setting.
 */
export function showKubernetesVersion(selector: DocumentSelector): Disposable {
  const item = languages.createLanguageStatusItem(setting, selector);
  item.name = "Ordinal: Kubernetes version";
  item.detail = "target of Ordinal";
  item.command = { title: "Change", command: "workbench.action.openSettings", arguments: [setting] };
  const update = (): void => {
    item.text = `Kubernetes ${workspace.getConfiguration().get<string>(setting) ?? ""}`.trimEnd();
  };
  update();
  const events = workspace.onDidChangeConfiguration((change) => {
    if (change.affectsConfiguration(setting)) update();
  });
  return Disposable.from(item, events);
}

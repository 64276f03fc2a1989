import {
  commands,
  Disposable,
  EventEmitter,
  languages,
  ThemeColor,
  ThemeIcon,
  TreeItem,
  TreeItemCollapsibleState,
  window,
  workspace,
  type Command,
  type TreeDataProvider,
} from "vscode";
import { State, type BaseLanguageClient } from "vscode-languageclient";
import {
  hasSetsRequest,
  setsRequest,
  type SetsResult,
  type SetTreeNode,
  type TreePlace,
} from "../../server/src/protocol/protocol.js";
import { afterPause } from "./after-pause.js";
import { counted } from "./counted.js";

type Part = SetTreeNode["parts"][number];
type Finding = SetTreeNode["findings"][number];

/** What stands in the tree: a StatefulSet, or something that belongs to it. */
export type TreeNode =
  | { readonly type: "set"; readonly set: SetTreeNode }
  | { readonly type: "part"; readonly part: Part }
  | { readonly type: "finding"; readonly finding: Finding };

/**
 * Shows the StatefulSets of the workspace in the explorer, as long as there are some. What belongs to them is asked for
 * only while the view is visible; until there are sets, only whether there are any.
 */
export function showSetTree(client: BaseLanguageClient): Disposable {
  const changed = new EventEmitter<void>();
  let sets: SetsResult = [];
  let hasSets = false;
  const provider: TreeDataProvider<TreeNode> = {
    onDidChangeTreeData: changed.event,
    getChildren: (node) => (node === undefined ? sets.map((set) => ({ type: "set", set })) : childrenOf(node)),
    getTreeItem: (node) => itemOf(client, node),
  };
  const view = window.createTreeView("ordinal.statefulSets", { treeDataProvider: provider, showCollapseAll: true });
  const setContext = (given: boolean): void => {
    hasSets = given;
    void commands.executeCommand("setContext", "ordinal.hasSets", given);
  };
  const refresh = async (): Promise<void> => {
    const isRunning = client.state === State.Running;
    if (isRunning && hasSets && !view.visible) return;
    if (isRunning && !view.visible) {
      setContext(await client.sendRequest<boolean>(hasSetsRequest, {}).catch(() => false));
      return;
    }
    sets = isRunning ? await client.sendRequest<SetsResult>(setsRequest, {}).catch(() => []) : [];
    setContext(sets.length > 0);
    changed.fire();
  };
  const soon = afterPause(() => void refresh());
  return Disposable.from(
    view,
    changed,
    soon,
    view.onDidChangeVisibility(() => void refresh()),
    languages.onDidChangeDiagnostics(soon.call),
    client.onDidChangeState(soon.call),
  );
}

function childrenOf(node: TreeNode): TreeNode[] {
  if (node.type !== "set") return [];
  const { parts, findings } = node.set;
  return [
    ...parts.map((part): TreeNode => ({ type: "part", part })),
    ...findings.map((finding): TreeNode => ({ type: "finding", finding })),
  ];
}

function itemOf(client: BaseLanguageClient, node: TreeNode): TreeItem {
  switch (node.type) {
    case "set": {
      const { set } = node;
      const item = new TreeItem(set.name, TreeItemCollapsibleState.Collapsed);
      item.description = workspace.asRelativePath(uriOf(client, set.place));
      item.iconPath = iconOf(set);
      item.tooltip = `StatefulSet ${set.name}: ${set.findings.length === 0 ? "no findings" : counted(set.findings.length, "finding")}`;
      item.contextValue = "statefulSet";
      item.command = goTo(client, set.place);
      return item;
    }
    case "part": {
      const { sort, text, place } = node.part;
      const item = new TreeItem(text);
      item.description = labels[sort];
      item.iconPath = new ThemeIcon(icons[sort]);
      item.command = goTo(client, place);
      return item;
    }
    case "finding": {
      const { severity, text, place } = node.finding;
      const item = new TreeItem(text);
      item.tooltip = text;
      item.iconPath = severityIcon(severity);
      item.command = goTo(client, place);
      return item;
    }
  }
}

const labels: Readonly<Record<Part["sort"], string>> = {
  pods: "pods",
  claims: "claims",
  service: "headless Service",
  budget: "budget",
  autoscaler: "autoscaler",
};

const icons: Readonly<Record<Part["sort"], string>> = {
  pods: "server-process",
  claims: "database",
  service: "globe",
  budget: "shield",
  autoscaler: "graph-line",
};

function iconOf({ findings }: SetTreeNode): ThemeIcon {
  const worst = (["error", "warning"] as const).find((severity) => findings.some((one) => one.severity === severity));
  return worst === undefined ? new ThemeIcon("server") : severityIcon(worst);
}

function severityIcon(severity: Finding["severity"]): ThemeIcon {
  switch (severity) {
    case "error":
      return new ThemeIcon("error", new ThemeColor("list.errorForeground"));
    case "warning":
      return new ThemeIcon("warning", new ThemeColor("list.warningForeground"));
    case "info":
      return new ThemeIcon("info");
    case "hint":
      return new ThemeIcon("lightbulb");
  }
}

function uriOf(client: BaseLanguageClient, { uri }: TreePlace) {
  return client.protocol2CodeConverter.asUri(uri);
}

function goTo(client: BaseLanguageClient, place: TreePlace): Command {
  const selection = client.protocol2CodeConverter.asRange(place.range);
  return { title: "Go there", command: "vscode.open", arguments: [uriOf(client, place), { selection }] };
}

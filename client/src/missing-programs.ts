import { commands, window, type Disposable, type Memento } from "vscode";
import type { BaseLanguageClient } from "vscode-languageclient";
import {
  programMissingNotification,
  type ProgramMissingParams,
  type ProgramName,
} from "../../server/src/protocol/protocol.js";

/** Offers the setting of the path where something that was asked for needs a program that is not found. */
export function offerPaths(client: BaseLanguageClient, memory: Memento): Disposable {
  return client.onNotification(programMissingNotification, async ({ program, path }: ProgramMissingParams) => {
    const silenced = `ordinal.missing.${program}`;
    if (memory.get(silenced) === true) return;
    const problem = path === undefined ? `${program} is not on the PATH of VS Code` : `${path} is not a program`;
    const set = "Set Path";
    const never = "Do Not Show Again";
    const chosen = await window.showWarningMessage(`${problem}. Ordinal needs it to ${purposes[program]}.`, set, never);
    if (chosen === set) await commands.executeCommand("workbench.action.openSettings", `ordinal.paths.${program}`);
    if (chosen === never) await memory.update(silenced, true);
  });
}

const purposes: Readonly<Record<ProgramName, string>> = {
  git: "compare your edits with the last commit",
  helm: "render charts",
  kubectl: "ask the cluster",
  kustomize: "build kustomizations",
};

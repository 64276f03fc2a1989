import { Uri, type ExtensionContext } from "vscode";
import { LanguageClient, TransportKind } from "vscode-languageclient/node";
import { activateOrdinal } from "../extension.js";

/** VS Code's entry where extensions run in Node: the language server is a process of its own. */
export function activate(context: ExtensionContext): Promise<void> {
  const module = Uri.joinPath(context.extensionUri, "dist", "server", "main.cjs").fsPath;
  return activateOrdinal(context, (options) => {
    const server = { module, transport: TransportKind.ipc };
    const debug = { ...server, options: { execArgv: ["--nolazy", "--inspect=6009"] } };
    return new LanguageClient("ordinal", "Ordinal", { run: server, debug }, options);
  });
}

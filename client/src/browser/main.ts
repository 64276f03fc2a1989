import { commands, Uri, type ExtensionContext } from "vscode";
import {
  BrowserMessageReader,
  BrowserMessageWriter,
  LanguageClient,
  type MessageTransports,
} from "vscode-languageclient/browser";
import { activateOrdinal } from "../extension.js";

/** VS Code's entry in a browser: the language server is a worker, and what needs a program is hidden. */
export async function activate(context: ExtensionContext): Promise<void> {
  await commands.executeCommand("setContext", "ordinal.inBrowser", true);
  const script = Uri.joinPath(context.extensionUri, "dist", "browser", "server.js").toString(true);
  return activateOrdinal(context, (options) => {
    let worker: Worker | undefined;
    // A new worker for each start, since a server serves one connection. The library takes no worker from a function where
    // VS Code has put its own in the place of `Worker` (vscode-languageclient 11.0.0, VS Code 1.139): it tests by instanceof.
    const start = (): Promise<MessageTransports> => {
      worker?.terminate();
      worker = new Worker(script);
      return Promise.resolve({ reader: new BrowserMessageReader(worker), writer: new BrowserMessageWriter(worker) });
    };
    context.subscriptions.push({ dispose: () => worker?.terminate() });
    return new LanguageClient("ordinal", "Ordinal", start, options);
  });
}

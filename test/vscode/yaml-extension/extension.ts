import type { ExtensionContext } from "vscode";
import { LanguageClient, TransportKind } from "vscode-languageclient/node";

/**
 * Stands in for Red Hat's YAML extension, which npm does not have: its language server, from npm, with the id and the
 * settings of the extension.
 */
export async function activate(context: ExtensionContext): Promise<void> {
  const module = process.env["ORDINAL_TEST_YAML_SERVER"] ?? "";
  const server = { module, transport: TransportKind.ipc };
  const client = new LanguageClient("yaml", "YAML", server, {
    documentSelector: [{ language: "yaml" }],
    synchronize: { configurationSection: ["yaml"] },
  });
  context.subscriptions.push({ dispose: () => client.dispose() });
  await client.start();
}

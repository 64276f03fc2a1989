import { Uri, workspace } from "vscode";
import type { Build } from "../../server/src/protocol/protocol.js";

const scheme = "ordinal-built";

/** Stands for a manifest that a tool builds. Panels show it, and are restored, as any other. */
export function builtUri({ tool, directory }: Build): Uri {
  return Uri.parse(directory, true).with({ scheme, query: tool });
}

/** The build that an address stands for; `undefined` for a manifest's. */
export function buildOf(uri: Uri): Build | undefined {
  if (uri.scheme !== scheme) return undefined;
  return { tool: uri.query === "helm" ? "helm" : "kustomize", directory: directoryOf(uri).toString() };
}

/** Where a manifest lies, or what is built. */
export function directoryOf(uri: Uri): Uri {
  return uri.scheme === scheme ? uri.with({ scheme: "file", query: "" }) : Uri.joinPath(uri, "..");
}

/** How a build is named to people: by its directory. */
export function labelOf(uri: Uri): string {
  const directory = directoryOf(uri);
  const folder = workspace.getWorkspaceFolder(directory);
  return folder?.uri.path === directory.path ? folder.name : workspace.asRelativePath(directory);
}

import { env, Uri, workspace } from "vscode";
import type { Choices } from "./webview/choices.js";
import { linkQuery } from "./webview/play-link.js";

/** The id of the extension, to which VS Code gives links. */
const authority = "ordinal.ordinal";

/** A link that opens a preview with what is chosen in it; `undefined` for a file outside the workspace. */
export async function linkTo(file: Uri, name: string, choices: Choices | undefined): Promise<string | undefined> {
  if (workspace.getWorkspaceFolder(file) === undefined) return undefined;
  const query = linkQuery({ path: workspace.asRelativePath(file, false), name, choices });
  const uri = Uri.from({ scheme: env.uriScheme, authority, path: "/play", query });
  return (await env.asExternalUri(uri)).toString();
}

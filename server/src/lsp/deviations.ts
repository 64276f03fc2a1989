import type { InitializeParams } from "vscode-languageserver";

// Where editors do otherwise than LSP has it, and cannot say so among their capabilities. All that is done because of
// that is here, with its reason; test/lsp/deviations.test.ts plays each.

/**
 * Whether to offer `workspace/diagnostic`. On a refresh Neovim 0.12 asks only for that where it is offered, and drops
 * what it says of open buffers, so that they go stale (`on_refresh` and `_workspace_diagnostics` in
 * runtime/lua/vim/lsp/diagnostic.lua). Where it is not offered, it asks for each buffer again, and files that are not
 * open are sent to it.
 */
export function offersWorkspaceDiagnostics(client: InitializeParams["clientInfo"]): boolean {
  return client?.name !== "Neovim";
}

/**
 * Whether a report on a document may be `unchanged`. Neovim 0.12 returns from such a report before it looks at
 * `relatedDocuments` (`on_diagnostic` in the same file), which LSP allows in every report. Answering in full is right
 * for all editors.
 */
export function mayBeUnchanged(relatedDocuments: Readonly<Record<string, unknown>>): boolean {
  return Object.keys(relatedDocuments).length === 0;
}

/**
 * The files that may hold manifests. Eglot 1.17 (`eglot--glob-parse`) takes no `*` within braces, and drops the whole
 * registration for one glob that it does not know: so these are plain.
 */
export const manifestGlobs: readonly string[] = [
  "**/*.yaml",
  "**/*.yml",
  "**/*.json",
  "**/_*.tpl",
  "**/Kustomization",
  "**/.helmignore",
];

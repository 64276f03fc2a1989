import type { ClientCapabilities, InitializeParams } from "vscode-languageserver";

// Where editors do otherwise than LSP has it, and cannot say so among their capabilities. All that is done because of
// that is here, with its reason; test/lsp/deviations.test.ts plays each.

/**
 * The position encodings that a client offers, the one that it would rather have first. Neovim lists UTF-8 first, but
 * until 0.10 it warns at each request when the servers of one buffer differ (`_get_offset_encoding` in
 * runtime/lua/vim/lsp/util.lua; from 0.11 on `:checkhealth` does), and YAML's other servers count in UTF-16.
 */
export function encodingsOf(client: InitializeParams["clientInfo"], offered: readonly string[]): readonly string[] {
  const isUtf16 = (encoding: string) => encoding === "utf-16";
  return client?.name === "Neovim" ? offered.toSorted((a, b) => Number(isUtf16(b)) - Number(isUtf16(a))) : offered;
}

/**
 * Whether to have a client ask for diagnostics instead of sending them. One that cannot be asked to ask again would keep
 * what another file has made wrong until the next key: where it takes diagnostics that are sent, it gets those. Helix 25
 * is among these, since it says so by another name than LSP (`workspace.diagnostic`).
 */
export function asksForDiagnostics({ textDocument, workspace }: ClientCapabilities): boolean {
  if (textDocument?.diagnostic === undefined) return false;
  return workspace?.diagnostics?.refreshSupport === true || textDocument.publishDiagnostics === undefined;
}

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
 * Whether an editor that registers watchers reports what other programs do. Helix 25 reports only files that it writes
 * itself (`file_changed` in helix-lsp/src/file_event.rs): saving a file has the folders read again, as for an editor
 * without watchers.
 */
export function reportsOtherPrograms(clientName: string): boolean {
  return !/^helix\b/.test(clientName);
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

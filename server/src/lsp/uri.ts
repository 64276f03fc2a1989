import { URI, Utils } from "vscode-uri";

/**
 * One spelling for a file's URI, whoever wrote it: editors and runtimes differ in which characters they escape and in
 * the case of a drive's letter (`file:///c%3A/a%2Bb.yaml`, `file:///C:/a+b.yaml`). It is the one that VS Code writes.
 * Other schemes come back as they are, since only their owner knows what is equal.
 */
export function canonicalUri(uri: string): string {
  if (!/^file:/i.test(uri)) return uri;
  try {
    return URI.parse(uri).with({ scheme: "file" }).toString();
  } catch {
    return uri; // `file:////a` is the address of nothing
  }
}

/** The canonical URI of a path as a person writes it: seen from a folder, absolute, or a URI without its scheme. */
export function fileUri(path: string, folder: string): string {
  if (path.startsWith("//")) return canonicalUri(`file:${path}`);
  const isDrive = /^[A-Za-z]:[\\/]/.test(path);
  return canonicalUri((isDrive ? URI.file(path) : Utils.resolvePath(URI.parse(folder), path)).toString());
}

/** Whether a canonical URI is a folder's or lies somewhere below it. */
export function isWithin(uri: string, folder: string): boolean {
  return uri === folder || uri.startsWith(folder.endsWith("/") ? folder : `${folder}/`);
}

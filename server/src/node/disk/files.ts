import { readdir, readFile, realpath, stat } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import {
  isJsonName,
  isManifestName,
  isSkippedDirectory,
  largestFile,
  mayHoldManifests,
} from "../../lsp/manifest-names.js";
import type { FileText } from "../../lsp/runtime.js";

/** A file that may hold manifests, or something on the way that cannot be followed. */
export type FoundFile =
  | { readonly type: "file"; readonly path: string }
  | { readonly type: "problem"; readonly path: string; readonly problem: string };

/** Reads a text file of whatever kind a path leads to. Never rejects. */
export async function readText(file: string): Promise<FileText> {
  try {
    const found = await stat(file);
    // Reading a pipe or a device may never end.
    if (!found.isFile()) return { type: "problem", problem: found.isDirectory() ? "is a directory" : "is not a file" };
    if (found.size > largestFile) return { type: "problem", problem: "is larger than 10 MiB" };
    return decodeText(await readFile(file));
  } catch (error) {
    return { type: "problem", problem: words(error) };
  }
}

/**
 * Reads a file that was found in a directory. Never rejects. `undefined`: it is JSON and no manifest, or cannot be
 * read, so that callers need not know of it.
 */
export async function readFound(file: string): Promise<FileText | undefined> {
  const read = await readText(file);
  if (read.type === "problem") return isJsonName(file) ? undefined : read;
  return mayHoldManifests(file, read.text) ? read : undefined;
}

/** The text of a file's bytes: UTF-8, or UTF-16 where a byte order mark says so. The mark is not part of the text. */
export function decodeText(bytes: Uint8Array): FileText {
  const encoding = encodingOf(bytes);
  if (encoding === "utf-8" && bytes.includes(0)) return { type: "problem", problem: "is not text: it holds NUL bytes" };
  try {
    return { type: "text", text: new TextDecoder(encoding, { fatal: true }).decode(bytes) };
  } catch {
    return { type: "problem", problem: `is not text in ${encoding.toUpperCase()}` };
  }
}

/**
 * The bytes of a text, in the encoding of the bytes that it replaces and with their byte order mark, if they have one.
 */
export function encodeText(text: string, replaced: Uint8Array): Uint8Array {
  const encoding = encodingOf(replaced);
  if (encoding === "utf-8") {
    const [first, second, third] = replaced;
    const isMarked = first === 0xef && second === 0xbb && third === 0xbf;
    return Buffer.from(isMarked ? `\ufeff${text}` : text, "utf8");
  }
  const bytes = Buffer.from(`\ufeff${text}`, "utf16le");
  return encoding === "utf-16le" ? bytes : bytes.swap16();
}

function encodingOf([first, second]: Uint8Array): "utf-8" | "utf-16le" | "utf-16be" {
  if (first === 0xff && second === 0xfe) return "utf-16le";
  if (first === 0xfe && second === 0xff) return "utf-16be";
  return "utf-8";
}

/**
 * The files below a directory that may hold manifests, in the order of their names, a directory's own files before
 * those of its subdirectories. Symbolic links are followed, those to directories last and only to where no link has led
 * yet. Never rejects: a directory that cannot be read, or a link that leads back to where it came from, is a problem.
 */
export async function* findManifests(directory: string): AsyncGenerator<FoundFile> {
  const visited = new Set<string>();
  const links: Link[] = [];
  let next: Link | undefined = { path: directory, from: undefined };
  while (next !== undefined) {
    const real: string | FoundFile = await realDirectory(next);
    if (typeof real !== "string") yield real;
    else if (!visited.has(real)) yield* walk({ path: next.path, real, from: next.from }, visited, links);
    next = links.shift();
  }
}

/** A directory by its name, by its real place, and as what it was reached through. */
interface Visited {
  readonly path: string;
  readonly real: string;
  readonly from: Visited | undefined;
}

type Link = Omit<Visited, "real">;

/** Where a link leads; a problem if that is a directory that it was reached through. */
async function realDirectory({ path: link, from }: Link): Promise<string | FoundFile> {
  try {
    const real = await realpath(link);
    for (let above = from; above !== undefined; above = above.from) {
      if (above.real !== real && !above.real.startsWith(real.endsWith(path.sep) ? real : real + path.sep)) continue;
      return { type: "problem", path: link, problem: `is a directory loop: it leads back to ${real}` };
    }
    return real;
  } catch (error) {
    return { type: "problem", path: link, problem: words(error) };
  }
}

/** All below one directory except what links lead to: those are added to `links`. */
async function* walk(top: Visited, visited: Set<string>, links: Link[]): AsyncGenerator<FoundFile> {
  const waiting = [top];
  for (let directory = waiting.pop(); directory !== undefined; directory = waiting.pop()) {
    visited.add(directory.real);
    const below: Visited[] = [];
    for (const { name, kind } of await entries(directory.path)) {
      const entry = path.join(directory.path, name);
      switch (kind) {
        case "directory":
          if (!isSkippedDirectory(name))
            below.push({ path: entry, real: path.join(directory.real, name), from: directory });
          break;
        case "directoryLink":
          if (!isSkippedDirectory(name)) links.push({ path: entry, from: directory });
          break;
        case "file":
          if (isManifestName(name)) yield { type: "file", path: entry };
          break;
        case "other":
          break;
        default:
          yield { type: "problem", path: entry, problem: kind.problem };
      }
    }
    waiting.push(...below.toReversed().filter(({ real }) => !visited.has(real)));
  }
}

interface Entry {
  readonly name: string;
  readonly kind: "file" | "directory" | "directoryLink" | "other" | { readonly problem: string };
}

async function entries(directory: string): Promise<readonly Entry[]> {
  try {
    const found = await readdir(directory, { withFileTypes: true });
    found.sort((a, b) => (a.name < b.name ? -1 : 1));
    return await Promise.all(
      found.map(async (entry): Promise<Entry> => {
        const { name } = entry;
        if (entry.isSymbolicLink()) return { name, kind: await targetKind(path.join(directory, name)) };
        return { name, kind: entry.isFile() ? "file" : entry.isDirectory() ? "directory" : "other" };
      }),
    );
  } catch (error) {
    return [{ name: "", kind: { problem: words(error) } }];
  }
}

async function targetKind(link: string): Promise<Entry["kind"]> {
  try {
    const target = await stat(link);
    return target.isFile() ? "file" : target.isDirectory() ? "directoryLink" : "other";
  } catch (error) {
    // A link that leads nowhere matters only where a manifest should be.
    return isManifestName(link) || codeOf(error) === "ELOOP" ? { problem: words(error) } : "other";
  }
}

function words(error: unknown): string {
  const code = codeOf(error);
  switch (code) {
    case "ENOENT":
      return "does not exist";
    case "EACCES":
    case "EPERM":
      return "cannot be read: permission denied";
    case "ELOOP":
      return "is a symbolic link that leads back to itself";
    case undefined:
      return `cannot be read: ${String(error)}`;
    default:
      return `cannot be read: ${code}`;
  }
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : undefined;
}

/**
 * The path that a URI names; `undefined` for another scheme, a host on another system than Windows, or an escaped
 * slash.
 */
export function pathOf(uri: string): string | undefined {
  try {
    return fileURLToPath(uri);
  } catch {
    return undefined;
  }
}

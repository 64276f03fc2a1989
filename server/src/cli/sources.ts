import { readdir, stat } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { isManifestName } from "../lsp/manifest-names.js";
import { decodeText, findManifests, readText, type FileText } from "../node/files.js";
import { contextOf, isWithin, type Context } from "./context.js";
import type { Io } from "./io.js";
import type { CheckedFile } from "./report.js";

/** What a command line asks about, read. */
export interface Sources {
  /** Files to report on. */
  readonly checked: readonly CheckedFile[];
  /** Files around them, of which only the rules take notice. */
  readonly context: readonly CheckedFile[];
  readonly problems: readonly Problem[];
}

/** Why something is not among the sources. */
export interface Problem {
  /** A sentence that begins with the name of the file. */
  readonly text: string;
  /** Whether that very path was asked about, or it only turned up in a directory. */
  readonly asked: boolean;
}

/** Reads the paths of a command line: files, directories with all manifests below them, `-` for the standard input. */
export async function readSources(paths: readonly string[], io: Io): Promise<Sources> {
  const checked = new Map<string, string>();
  const problems: Problem[] = [];
  const contexts: Context[] = [];

  function take(uri: string, name: string, read: FileText, asked: boolean): void {
    if (read.type === "text") checked.set(uri, read.text);
    else problems.push({ text: `${name} ${read.problem}`, asked });
  }

  for (const given of paths) {
    if (given === "-") {
      take(stdinUri, "standard input", decodeText(await io.readStdin()), true);
      continue;
    }
    const absolute = path.resolve(io.cwd, given);
    const isDirectory = await isDirectoryAt(absolute);
    contexts.push(contextOf(isDirectory ? absolute : path.dirname(absolute), io.cwd));
    if (!isDirectory) {
      take(pathToFileURL(absolute).href, given, await readText(absolute), true);
      continue;
    }
    for await (const found of findManifests(absolute)) {
      const name = nameOfPath(found.path, io.cwd);
      if (found.type === "file") take(pathToFileURL(found.path).href, name, await readText(found.path), false);
      else problems.push({ text: `${name} ${found.problem}`, asked: found.path === absolute });
    }
  }
  const context = await readContexts(widest(contexts), (uri) => checked.has(uri));
  return { checked: [...checked].map(([uri, text]) => ({ uri, text })), context, problems };
}

/** What the reader calls a file: its path from the current directory, or in full where it lies outside. */
export function nameOf(uri: string, cwd: string): string {
  return uri === stdinUri ? "<stdin>" : nameOfPath(fileURLToPath(uri), cwd);
}

/** In a directory that no file has, so that nothing is beside it: the output of a template tool stands for itself. */
const stdinUri = "stdin:///standard/input";

function nameOfPath(file: string, cwd: string): string {
  return isWithin(file, cwd) ? path.relative(cwd, file).replaceAll(path.sep, "/") : file;
}

async function isDirectoryAt(absolute: string): Promise<boolean> {
  return stat(absolute).then(
    (found) => found.isDirectory(),
    () => false,
  );
}

/** Contexts without those that lie in another. */
function widest(contexts: readonly Context[]): readonly Context[] {
  const trees = [...new Set(contexts.filter(({ depth }) => depth === "tree").map(({ directory }) => directory))];
  const outermost = trees.filter((tree) => !trees.some((other) => other !== tree && isWithin(tree, other)));
  const lone = new Set(contexts.filter(({ depth }) => depth === "files").map(({ directory }) => directory));
  return [
    ...outermost.map((directory) => ({ directory, depth: "tree" }) as const),
    ...[...lone]
      .filter((directory) => !outermost.some((tree) => isWithin(directory, tree)))
      .map((directory) => ({ directory, depth: "files" }) as const),
  ];
}

/** What cannot be read here is passed over: nobody asked about it. */
async function readContexts(contexts: readonly Context[], isKnown: (uri: string) => boolean): Promise<CheckedFile[]> {
  const files: CheckedFile[] = [];
  for (const context of contexts) {
    for await (const file of manifestsOf(context)) {
      const uri = pathToFileURL(file).href;
      const read = isKnown(uri) ? undefined : await readText(file);
      if (read?.type === "text") files.push({ uri, text: read.text });
    }
  }
  return files;
}

async function* manifestsOf({ directory, depth }: Context): AsyncGenerator<string> {
  if (depth === "tree") {
    for await (const found of findManifests(directory)) if (found.type === "file") yield found.path;
  } else {
    const names = await readdir(directory).catch(() => []);
    for (const name of names.filter(isManifestName)) yield path.join(directory, name);
  }
}

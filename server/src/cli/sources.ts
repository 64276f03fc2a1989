import { stat } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { configFileName } from "../engine/api.js";
import { decodeText, findManifests, readFound, readText } from "../node/disk/files.js";
import { configDirectories, createProjects, isWithin, type Projects } from "./context.js";
import type { Io } from "./io.js";
import { readNamed } from "./kustomizations.js";
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
  const contexts = new Set<string>();
  const configs = new Map<string, string>();
  const projects = createProjects();

  function take(
    uri: string,
    name: string,
    read: ReturnType<typeof decodeText>,
    { asked }: Pick<Problem, "asked">,
  ): void {
    if (read.type === "text") checked.set(uri, read.text);
    else problems.push({ text: `${name} ${read.problem}`, asked });
  }

  for (const given of paths) {
    if (given === "-") {
      for (const { uri, text } of await readConfigFiles(io.cwd, projects)) configs.set(asStdin(uri), text);
      take(stdinUri(io.cwd), "standard input", decodeText(await io.readStdin()), { asked: true });
      continue;
    }
    const absolute = path.resolve(io.cwd, given);
    const isTree = await isDirectory(absolute);
    const directory = isTree ? absolute : path.dirname(absolute);
    contexts.add(await projects(directory));
    for (const { uri, text } of await readConfigFiles(directory, projects)) configs.set(uri, text);
    if (!isTree) {
      take(pathToFileURL(absolute).href, given, await readText(absolute), { asked: true });
      continue;
    }
    for await (const found of findManifests(absolute)) {
      const name = nameOfPath(found.path, io.cwd);
      if (found.type === "file") {
        const read = await readFound(found.path);
        if (read !== undefined) take(pathToFileURL(found.path).href, name, read, { asked: false });
      } else problems.push({ text: `${name} ${found.problem}`, asked: found.path === absolute });
    }
  }
  for (const uri of checked.keys()) configs.delete(uri);
  const context = await readTrees(outermost(contexts), (uri) => checked.has(uri) || configs.has(uri));
  const named = await readNamed([...filesOf(checked), ...context], projects);
  return { checked: filesOf(checked), context: [...context, ...named, ...filesOf(configs)], problems };
}

/** What the reader calls a file: its path from the current directory, or in full where it lies outside. */
export function nameOf(uri: string, cwd: string): string {
  if (uri === stdinUri(cwd)) return "<stdin>";
  return nameOfPath(fileURLToPath(uri.replace(/^stdin:/, "file:")), cwd);
}

/** The configuration files that hold for the files of a directory. */
export async function readConfigFiles(directory: string, projects: Projects): Promise<readonly CheckedFile[]> {
  const files = configDirectories(directory, await projects(directory)).map((above) =>
    path.join(above, configFileName),
  );
  const texts = await Promise.all(files.map((file) => readText(file)));
  return files.flatMap((file, index) => {
    const read = texts[index];
    return read?.type === "text" ? [{ uri: pathToFileURL(file).href, text: read.text }] : [];
  });
}

/** Where no file is but those of the configuration: the output of a template tool stands for itself. */
function stdinUri(cwd: string): string {
  return asStdin(pathToFileURL(path.join(cwd, "-")).href);
}

function asStdin(uri: string): string {
  return uri.replace(/^file:/, "stdin:");
}

function filesOf(texts: ReadonlyMap<string, string>): readonly CheckedFile[] {
  return [...texts].map(([uri, text]) => ({ uri, text }));
}

export function nameOfPath(file: string, cwd: string): string {
  if (file === cwd) return ".";
  return isWithin(file, cwd) ? path.relative(cwd, file).replaceAll(path.sep, "/") : file;
}

export async function isDirectory(file: string): Promise<boolean> {
  return stat(file).then(
    (found) => found.isDirectory(),
    () => false,
  );
}

/** Directories without those that lie in another. */
function outermost(directories: ReadonlySet<string>): readonly string[] {
  const all = [...directories];
  return all.filter((one) => !all.some((other) => other !== one && isWithin(one, other)));
}

/** The manifests below some directories. What cannot be read here is passed over: nobody asked about it. */
export async function readTrees(
  directories: readonly string[],
  isKnown: (uri: string) => boolean,
): Promise<readonly CheckedFile[]> {
  const files: CheckedFile[] = [];
  for (const directory of directories) {
    for await (const found of findManifests(directory)) {
      const uri = pathToFileURL(found.path).href;
      const read = found.type === "problem" || isKnown(uri) ? undefined : await readFound(found.path);
      if (read?.type === "text") files.push({ uri, text: read.text });
    }
  }
  return files;
}

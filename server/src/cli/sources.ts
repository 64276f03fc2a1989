import { stat } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { configFileName } from "../engine/api.js";
import { GitError, Repository } from "../node/git/repository.js";
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
  /** How many files below the directories that were asked about are not checked because git ignores them. */
  readonly ignored: number;
  /** The directories of the projects that the paths are in. */
  readonly projects: readonly string[];
}

/** How a command reads what it was asked about. */
export interface Reading {
  /** Which file the standard input stands for; without it, it stands for itself. */
  readonly stdinFilename?: string | undefined;
  /** Whether files that git ignores are checked where they are found in a directory. */
  readonly gitIgnored?: "checked" | "leftOut";
  /** Called for each file that was found. */
  readonly onFile?: () => void;
}

/** Why something is not among the sources. */
export interface Problem {
  /** A sentence that begins with the name of the file. */
  readonly text: string;
  /** Whether that very path was asked about, or it only turned up in a directory. */
  readonly asked: boolean;
}

/** Reads the paths of a command line: files, directories with all manifests below them, `-` for the standard input. */
export async function readSources(
  paths: readonly string[],
  io: Io,
  { stdinFilename, gitIgnored = "checked", onFile }: Reading = {},
): Promise<Sources> {
  const checked = new Map<string, string>();
  const problems: Problem[] = [];
  const contexts = new Set<string>();
  const configs = new Map<string, string>();
  const projects = createProjects();
  let ignored = 0;

  function take(
    uri: string,
    name: string,
    read: ReturnType<typeof decodeText>,
    { asked }: Pick<Problem, "asked">,
  ): void {
    if (read.type === "text") checked.set(uri, read.text);
    else problems.push({ text: `${name} ${read.problem}`, asked });
  }

  async function takeConfigs(directory: string): Promise<void> {
    contexts.add(await projects(directory));
    for (const { uri, text } of await readConfigFiles(directory, projects)) configs.set(uri, text);
  }

  for (const given of paths) {
    if (given === "-" && stdinFilename !== undefined) {
      const absolute = path.resolve(io.cwd, stdinFilename);
      await takeConfigs(path.dirname(absolute));
      take(pathToFileURL(absolute).href, stdinFilename, decodeText(await io.readStdin()), { asked: true });
      continue;
    }
    if (given === "-") {
      for (const { uri, text } of await readConfigFiles(io.cwd, projects)) configs.set(asStdin(uri), text);
      take(stdinUri(io.cwd), "standard input", decodeText(await io.readStdin()), { asked: true });
      continue;
    }
    const absolute = path.resolve(io.cwd, given);
    const isTree = await isDirectory(absolute);
    const directory = isTree ? absolute : path.dirname(absolute);
    await takeConfigs(directory);
    if (!isTree) {
      take(pathToFileURL(absolute).href, given, await readText(absolute), { asked: true });
      continue;
    }
    const isIgnored = gitIgnored === "checked" ? () => false : await ignoredIn(absolute, io);
    for await (const found of findManifests(absolute)) {
      if (isIgnored(found.path)) {
        ignored += 1;
        continue;
      }
      onFile?.();
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
  return {
    checked: filesOf(checked),
    context: [...context, ...named, ...filesOf(configs)],
    problems,
    ignored,
    projects: outermost(contexts),
  };
}

/** Tells which paths below a directory git ignores: none where it does not tell. */
async function ignoredIn(directory: string, { env }: Io): Promise<(file: string) => boolean> {
  try {
    const ignored = new Set(await (await Repository.around(directory, env)).ignoredBelow());
    return (file) => {
      for (let above = file; above !== directory && isWithin(above, directory); above = path.dirname(above)) {
        if (ignored.has(above) || ignored.has(`${above}${path.sep}`)) return true;
      }
      return false;
    };
  } catch (error) {
    if (error instanceof GitError) return () => false;
    throw error;
  }
}

/** What the reader calls the standard input. */
export const stdinName = "<stdin>";

/** What the reader calls a file: its path from the current directory, or in full where it lies outside. */
export function nameOf(uri: string, cwd: string): string {
  if (uri === stdinUri(cwd)) return stdinName;
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

/** The manifests below some directories. What cannot be read here is passed over: it was not asked for. */
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

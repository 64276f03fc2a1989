import { existsSync, realpathSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { homedir, tmpdir } from "node:os";
import path from "node:path";
import { isSkippedDirectory } from "../lsp/manifest-names.js";

/** Finds the projects of directories. One for each command, which asks about the same ones again and again. */
export type Projects = (directory: string) => Promise<string>;

/**
 * The directory with all that belongs to another one: what is said of a file follows from everything in its project, as
 * it does in an editor that has opened it, and never from where the command was called or what else it was asked about.
 *
 * It is the nearest directory above with a `.git`. Without one it is the outermost directory that holds no repository
 * and is not the home directory, the one for temporary files, or one that holds these. In both cases it is further in
 * where there would be too much to read.
 */
export function createProjects(): Projects {
  const known = new Map<string, Promise<string>>();
  const looked = new Map<string, Promise<Look>>();
  /** Every directory of a project asks about the same few above it: each tree is walked once. */
  const look = (directory: string): Promise<Look> => {
    const found = looked.get(directory) ?? lookInto(directory);
    looked.set(directory, found);
    return found;
  };
  return (directory) => {
    const project = known.get(directory) ?? findProject(directory, look);
    known.set(directory, project);
    return project;
  };
}

async function findProject(directory: string, look: (directory: string) => Promise<Look>): Promise<string> {
  const above = [directory, ...parents(directory)];
  const repository = above.findIndex((one) => existsSync(path.join(one, ".git")));
  const shared = above.findIndex((one) => sharedDirectories().some((other) => isWithin(other, one)));
  const candidates = repository === -1 ? above.slice(0, shared === -1 ? -1 : shared) : above.slice(0, repository + 1);
  for (const candidate of candidates.toReversed()) {
    const { tooLarge, holdsRepository } = await look(candidate);
    if (!tooLarge && (repository !== -1 || !holdsRepository)) return candidate;
  }
  return directory;
}

/** Where many projects are, under all their names. */
function sharedDirectories(): readonly string[] {
  const directories = [homedir(), tmpdir()];
  return [...directories, ...directories.filter((one) => existsSync(one)).map((one) => realpathSync(one))];
}

/** What decides whether a tree may be read for the sake of a single file in it. */
interface Look {
  readonly tooLarge: boolean;
  /** Another project lies somewhere in it, or it is one. */
  readonly holdsRepository: boolean;
}

async function lookInto(directory: string): Promise<Look> {
  const waiting = [directory];
  let found = 0;
  let holdsRepository = false;
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (++found > mostDirectories) return { tooLarge: true, holdsRepository };
    for (const entry of await readdir(next, { withFileTypes: true }).catch(() => [])) {
      if (entry.name === ".git") holdsRepository = true;
      if (entry.isDirectory() && !isSkippedDirectory(entry.name)) waiting.push(path.join(next, entry.name));
    }
  }
  return { tooLarge: false, holdsRepository };
}

/** To read the names in so many takes about a second. */
const mostDirectories = 5000;

/** The directories whose configuration files hold for the files of one: itself and those above, within the project. */
export function configDirectories(directory: string, project: string): readonly string[] {
  return [directory, ...parents(directory)].filter((above) => isWithin(above, project));
}

/** The charts that a directory is in, the innermost first: one may lie in the `charts/` of another. */
export function chartsAround(directory: string): readonly string[] {
  return [directory, ...parents(directory)].filter((above) => existsSync(path.join(above, "Chart.yaml")));
}

/** All directories above, nearest first. */
function parents(directory: string): readonly string[] {
  const parent = path.dirname(directory);
  return parent === directory ? [] : [parent, ...parents(parent)];
}

/** Whether a path is a directory or lies somewhere below it. */
export function isWithin(inner: string, outer: string): boolean {
  const relative = path.relative(outer, inner);
  return relative !== ".." && !relative.startsWith(`..${path.sep}`) && !path.isAbsolute(relative);
}

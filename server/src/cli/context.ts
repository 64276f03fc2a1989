import { existsSync } from "node:fs";
import { homedir } from "node:os";
import path from "node:path";

/** Where to look for what belongs to a path but was not asked about: its Services, above all. */
export interface Context {
  readonly directory: string;
  /** `tree`: with all below it; `files`: only what lies directly in it. */
  readonly depth: "tree" | "files";
}

/**
 * The surroundings in which the engine looks for a file's Service (see `Scope`): its directory and the tree below the
 * parent, or of a template its chart, but never beyond the project. `directory` is the path itself, or the one that a
 * file lies in. A file outside of any project has only its neighbours: the tree there may be a whole disk.
 */
export function contextOf(directory: string, cwd: string): Context {
  const root = projectRoot(directory, cwd);
  if (root === undefined) return { directory, depth: "files" };
  if (directory === root) return { directory, depth: "tree" };
  const chart = chartsAround(directory).find((above) => isWithin(directory, path.join(above, "templates")));
  return { directory: chart ?? path.dirname(directory), depth: "tree" };
}

/** The directories whose configuration files hold for the files of one: itself and those above, within the project. */
export function configDirectories(directory: string, cwd: string): readonly string[] {
  const root = projectRoot(directory, cwd) ?? directory;
  return [directory, ...parents(directory)].filter((above) => isWithin(above, root));
}

/** The nearest directory above with a `.git`, else the current one if it is above and may be a project. */
export function projectRoot(directory: string, cwd: string): string | undefined {
  for (const above of [directory, ...parents(directory)]) if (existsSync(path.join(above, ".git"))) return above;
  const isProject = cwd !== homedir() && parents(cwd).length > 0;
  return isProject && isWithin(directory, cwd) ? cwd : undefined;
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

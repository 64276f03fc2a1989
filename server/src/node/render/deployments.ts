import { stat } from "node:fs/promises";
import path from "node:path";
import { readDeployments, type Deployment } from "../../engine/api.js";
import { targetsAt, type Target } from "./targets.js";

/** A target as a deployment has it built. */
export interface Deployed extends Target {
  readonly deployment: Deployment;
  /** The root of the repository. */
  readonly project: string;
}

/**
 * What the deployments of a file build, below the root of its repository, which is asked for where there are any; and a
 * sentence about each of which that is not known.
 */
export async function deployedBy(
  text: string,
  projectOf: () => Promise<string>,
): Promise<{
  readonly targets: readonly Deployed[];
  /** Directories of which it is not known what is built of them. */
  readonly unknown: readonly string[];
  readonly notes: readonly string[];
}> {
  const targets: Deployed[] = [];
  const unknown: string[] = [];
  const notes: string[] = [];
  const found = readDeployments(text);
  const project = found.length === 0 ? "" : await projectOf();
  for (const read of found) {
    const { directory, label } = read.type === "deployment" ? read.deployment : read;
    const absolute = directory === undefined ? undefined : below(project, directory);
    if (read.type === "unknown") {
      if (absolute !== undefined) unknown.push(absolute);
      notes.push(`What ${label} deploys was not checked: ${read.reason}`);
    } else if (absolute === undefined) notes.push(notHere(label, directory));
    else {
      const own = await targetsAt(absolute);
      // A directory of plain manifests is checked as it is.
      if (own.length === 0 && !(await isThere(absolute))) notes.push(notHere(label, directory));
      targets.push(...own.slice(0, 1).map((target) => ({ ...target, deployment: read.deployment, project })));
    }
  }
  return { targets, unknown, notes };
}

function notHere(label: string, directory: string | undefined): string {
  return `What ${label} deploys was not checked: ${directory} is not a directory of this project`;
}

/** A path of the repository as an absolute one; none for what leads out of it. */
export function below(project: string, written: string): string | undefined {
  const absolute = path.join(project, written);
  return absolute === project || absolute.startsWith(`${project}${path.sep}`) ? absolute : undefined;
}

async function isThere(directory: string): Promise<boolean> {
  return stat(directory).then(
    (found) => found.isDirectory(),
    () => false,
  );
}

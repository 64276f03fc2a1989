import { workspace, type Uri } from "vscode";
import { writesStatefulSet } from "./writes-stateful-set.js";

/** How much of a folder is looked at: the files, the bytes of each, and the time for all. */
const limits = { files: 400, bytes: 512 * 1024, milliseconds: 5000 };

/**
 * Whether a folder of the workspace holds a StatefulSet, as far as a short look tells: files that are named after one
 * first. What is not found is found when a manifest is opened.
 */
export async function holdsStatefulSet(): Promise<boolean> {
  const until = Date.now() + limits.milliseconds;
  const named = await workspace.findFiles("**/*{statefulset,stateful-set,sts}*.{yaml,yml}", undefined, 20);
  const others = await workspace.findFiles("**/*.{yaml,yml}", undefined, limits.files);
  for (const uri of [...named, ...others]) {
    if (Date.now() > until) return false;
    if (await isStatefulSet(uri)) return true;
  }
  return false;
}

async function isStatefulSet(uri: Uri): Promise<boolean> {
  try {
    const { size } = await workspace.fs.stat(uri);
    if (size > limits.bytes) return false;
    return writesStatefulSet(new TextDecoder().decode(await workspace.fs.readFile(uri)));
  } catch {
    // It is gone by now, or cannot be read.
    return false;
  }
}

import { homedir } from "node:os";
import { parseRelease, isMapping } from "../../engine/api.js";
import type { ClusterAnswer } from "../../lsp/runtime.js";
import { findProgram, notFound, runOnline, type Environment } from "./tools.js";

/**
 * Asks the cluster of kubectl's current context for its release. kubectl may run the credential plugin that the user's
 * kubeconfig names, so this is done only where the user wants it. Never rejects.
 */
export async function askCluster(env: Environment, cwd: string = homedir()): Promise<ClusterAnswer> {
  const kubectl = await findProgram("kubectl", env);
  if (kubectl === undefined) return { type: "failed", reason: notFound("kubectl", env) };
  const command = ["version", "--output=json", "--request-timeout=10s"];
  const ran = await runOnline({ file: kubectl, command }, [], cwd, env);
  if (ran.type === "failed") return { type: "failed", reason: ran.reason };
  const release = serverRelease(ran.text);
  if (release === undefined) return { type: "failed", reason: "kubectl names no version of the server" };
  return { type: "release", release };
}

/** `serverVersion` of `kubectl version --output=json`, as in `{"serverVersion": {"gitVersion": "v1.33.2-gke.100"}}`. */
function serverRelease(text: string) {
  try {
    const output: unknown = JSON.parse(text);
    const server = isMapping(output) ? output["serverVersion"] : undefined;
    const version = isMapping(server) ? server["gitVersion"] : undefined;
    return typeof version === "string" ? parseRelease(version) : undefined;
  } catch {
    return undefined;
  }
}

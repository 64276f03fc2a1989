import { homedir } from "node:os";
import { findProgram, runOnline, type Environment, type Program } from "./tools.js";

/** What kubectl reads of the cluster of its current context. */
export type LiveAnswer =
  | {
      readonly type: "read";
      readonly context: string;
      /** `undefined` where it is that of the context. */
      readonly namespace: string | undefined;
      /** JSON, as kubectl prints it. */
      readonly text: string;
    }
  /** The cluster answers, and has no such object. */
  | { readonly type: "absent"; readonly context: string; readonly namespace: string | undefined }
  /** One sentence without its full stop. */
  | { readonly type: "failed"; readonly reason: string };

export interface LiveQuestion {
  /** What kubectl is to `get`: `statefulset/db`, or kinds with commas between them. */
  readonly what: string;
  readonly namespace: string | undefined;
  /** Another current context than this is refused, if one is given. */
  readonly context?: string | undefined;
}

/** With its pods, claims and revisions: what `readSetDumps` reads. */
export const setKinds = "statefulsets.apps,pods,persistentvolumeclaims,controllerrevisions.apps";

/**
 * Asks the cluster of kubectl's current context, by `kubectl get` alone. kubectl may run the credential plugin that the
 * user's kubeconfig names, so this is done only when the user asks for it. Never rejects.
 */
export async function readLive(
  { what, namespace, context: expected }: LiveQuestion,
  env: Environment,
  cwd: string = homedir(),
): Promise<LiveAnswer> {
  const file = await findProgram("kubectl", env);
  if (file === undefined) return { type: "failed", reason: "kubectl is not on the PATH" };
  const kubectl: Program = { file, command: [] };
  const current = await runOnline(kubectl, ["config", "current-context"], cwd, env, limit);
  if (current.type === "failed")
    return { type: "failed", reason: `kubectl names no current context: ${current.reason}` };
  const context = current.text.trim();
  if (expected !== undefined && expected !== context) {
    return {
      type: "failed",
      reason: `the current context of kubectl is ${context}, not ${expected}: nothing was read`,
    };
  }
  // The context is given, so that another program that changes the current one changes nothing.
  const scope = [`--context=${context}`, ...(namespace === undefined ? [] : [`--namespace=${namespace}`])];
  const ran = await runOnline(
    kubectl,
    ["get", what, "--output=json", "--request-timeout=10s", ...scope],
    cwd,
    env,
    limit,
  );
  if (ran.type === "output") return { type: "read", context, namespace, text: ran.text };
  if (/^Error from server \(NotFound\): statefulsets\.apps /m.test(ran.message))
    return { type: "absent", context, namespace };
  return { type: "failed", reason: `kubectl cannot read it in context ${context}: ${ran.reason}` };
}

/** In milliseconds: kubectl itself waits for 10 s, a credential plugin without end. */
const limit = 30_000;

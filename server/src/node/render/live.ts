import { homedir } from "node:os";
import type { ContextAnswer, Live, LiveAnswer, LiveQuestion } from "../../lsp/runtime.js";
import { findProgram, notFound, runOnline, type Environment, type Program } from "./tools.js";

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
  const found = await currentContext(env, cwd);
  if (found.type === "failed") return found;
  const { kubectl, context } = found;
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

/** For an editor: with the environment as it is then. */
export const nodeLive = (env: () => Environment): Live => ({
  async context(): Promise<ContextAnswer> {
    const found = await currentContext(env());
    return found.type === "failed" ? found : { type: "context", context: found.context };
  },
  read: (question) => readLive(question, env()),
});

async function currentContext(
  env: Environment,
  cwd: string = homedir(),
): Promise<
  | { readonly type: "found"; readonly kubectl: Program; readonly context: string }
  | { readonly type: "failed"; readonly reason: string }
> {
  const file = await findProgram("kubectl", env);
  if (file === undefined) return { type: "failed", reason: notFound("kubectl", env) };
  const kubectl: Program = { file, command: [] };
  const current = await runOnline(kubectl, ["config", "current-context"], cwd, env, limit);
  return current.type === "failed"
    ? { type: "failed", reason: `kubectl names no current context: ${current.reason}` }
    : { type: "found", kubectl, context: current.text.trim() };
}

/** In milliseconds: kubectl itself waits for 10 s, a credential plugin without end. */
const limit = 30_000;

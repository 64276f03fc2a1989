import { printable, setFromText, type StatefulSet } from "../engine/api.js";
import { readLive, setKinds } from "../node/render/live.js";
import { UsageError } from "./exit.js";
import type { Io } from "./io.js";
import { note } from "./plans.js";
import type { PlayedSet } from "./played-sets.js";

/**
 * `kubectl:` stands for the cluster of kubectl's current context, `kubectl:prod` for the same if that is `prod`. No
 * revision of git is called so: a ref has no colon (git-check-ref-format), and behind one stands a path, which is no commit.
 */
const prefix = "kubectl:";

export function isLive(given: string): boolean {
  return given.startsWith(prefix);
}

/** The StatefulSet of that name as the cluster has it; `undefined` where it has none. */
export async function liveSet(
  given: string,
  { name, namespace }: StatefulSet["key"],
  io: Io,
): Promise<PlayedSet | undefined> {
  const answer = await asked(given, `statefulset/${name}`, namespace, io);
  if (answer.type === "absent") {
    note(`${placeOf(answer)}, has no StatefulSet ${name}, so it is created`, io);
    return undefined;
  }
  note(`${name} is compared with ${placeOf(answer)}`, io);
  const statefulSet = setFromText(answer.text);
  if (statefulSet === undefined)
    throw new UsageError(`The output of kubectl for ${printable(name)} is not a StatefulSet`);
  return { statefulSet, build: undefined, text: answer.text, placeOf: () => undefined, scaledBetween: [] };
}

/** All sets of a namespace with their pods, claims and revisions, as JSON. */
export async function liveDump(given: string, namespace: string | undefined, io: Io): Promise<string> {
  const answer = await asked(given, setKinds, namespace, io);
  note(`the start is ${placeOf(answer)}`, io);
  return answer.type === "absent" ? '{"apiVersion":"v1","kind":"List","items":[]}' : answer.text;
}

async function asked(given: string, what: string, namespace: string | undefined, io: Io): Promise<Answered> {
  const context = given.slice(prefix.length) || undefined;
  const answer = await readLive({ what, namespace, context }, io.env, io.cwd);
  if (answer.type === "failed") throw new UsageError(`${given}: ${answer.reason}`);
  return answer;
}

type Answered = Exclude<Awaited<ReturnType<typeof readLive>>, { readonly type: "failed" }>;

function placeOf({ context, namespace }: Answered): string {
  return `context ${context}, ${namespace === undefined ? "its namespace" : `namespace ${namespace}`}`;
}

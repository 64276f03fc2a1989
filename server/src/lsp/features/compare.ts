import { printable, whyNot } from "../../engine/api.js";
import { builtSets, setsOf } from "../../engine/features/preview/sets.js";
import type { CompareParams, CompareResult, ContextResult } from "../../protocol/protocol.js";
import type { Live } from "../runtime.js";
import { canonicalUri } from "../uri.js";
import type { Server } from "./feature.js";

/** The current context of kubectl. */
export async function context({ runtime: { live } }: Server): Promise<ContextResult> {
  return live?.context() ?? { type: "failed", reason: whyNot({ type: "noPrograms" }) };
}

/** Compares an open file with what the user has chosen. */
export async function compare(server: Server, { uri: spelling, with: chosen }: CompareParams): Promise<CompareResult> {
  const { bases, isTrusted, runtime } = server;
  const uri = canonicalUri(spelling);
  switch (chosen.type) {
    case "setting":
      await bases.choose(uri, undefined);
      return { type: "compared", notes: [] };
    case "file":
      await bases.choose(uri, { type: "file", uri: canonicalUri(chosen.uri) });
      return { type: "compared", notes: [] };
    case "cluster":
      if (!isTrusted()) return { type: "failed", reason: whyNot({ type: "untrusted" }) };
      if (runtime.live === undefined) return { type: "failed", reason: whyNot({ type: "noPrograms" }) };
      return compareWithCluster(server, uri, chosen.context, runtime.live);
  }
}

/** Nothing is compared with the cluster if a part of it cannot be read. */
async function compareWithCluster(
  { bases, manifests }: Server,
  uri: string,
  given: string,
  live: Live,
): Promise<CompareResult> {
  const sets = namedSets(manifests.analysisOf(uri).documents(uri));
  if (sets.length === 0) return { type: "failed", reason: "the file has no StatefulSet with a known name" };
  const texts: string[] = [];
  const notes: string[] = [];
  for (const { name, namespace } of sets) {
    const answer = await live.read({ what: `statefulset/${name}`, namespace, context: given });
    if (answer.type === "failed") return answer;
    const place = placeOf(answer.context, answer.namespace);
    if (answer.type === "absent") {
      notes.push(`In ${place} there is no StatefulSet ${printable(name)}: applying it creates it.`);
    } else {
      // JSON is YAML.
      texts.push(answer.text);
      notes.push(`${printable(name)} is compared with ${place}.`);
    }
  }
  await bases.choose(uri, { type: "objects", title: `context ${printable(given)}`, text: texts.join("\n---\n") });
  return { type: "compared", notes };
}

function placeOf(context: string, namespace: string | undefined): string {
  const where = namespace === undefined ? "its namespace" : `namespace ${printable(namespace)}`;
  return `context ${printable(context)}, ${where}`;
}

/** The sets of a file as they are applied, each once. */
function namedSets(documents: Parameters<typeof setsOf>[0]) {
  const named = setsOf(documents).flatMap((set) => {
    const built = builtSets(set).map(({ statefulSet }) => statefulSet);
    return (built.length > 0 ? built : [set.statefulSet]).flatMap(({ name, key }) =>
      name.state === "present" ? [{ name: name.value, namespace: key.namespace }] : [],
    );
  });
  return [...new Map(named.map((one) => [JSON.stringify(one), one])).values()];
}

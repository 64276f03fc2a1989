import { formatRelease, whyNot } from "../../engine/api.js";
import type { ClusterResult } from "../../protocol/protocol.js";
import type { Server } from "./feature.js";

/** Asks the cluster for its release, for the setting `auto`. */
export async function cluster({ manifests, runtime: { askCluster }, settings }: Server): Promise<ClusterResult> {
  if (askCluster === undefined) return { type: "failed", reason: whyNot({ type: "noPrograms" }) };
  const answer = await askCluster();
  if (answer.type === "failed") return answer;
  settings.setCluster(answer.release);
  const isUsed = [...manifests.uris()].some((uri) => manifests.analysisOf(uri).configOf(uri).detectsRelease);
  return { type: "release", release: formatRelease(answer.release), isUsed };
}

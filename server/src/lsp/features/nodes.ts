import { playedBehaviour, playedInBuild, playedInFile, playForPanel } from "../../engine/api.js";
import type { NodesParams, NodesResult } from "../../protocol/protocol.js";
import { canonicalUri } from "../uri.js";
import type { Server } from "./feature.js";

/** What happens to the pods of a StatefulSet when something is done to their nodes. */
export function nodes(
  { builds, manifests }: Server,
  { uri: spelling, index, build, asked, width }: NodesParams,
): NodesResult {
  const uri = build === undefined ? canonicalUri(spelling) : `${canonicalUri(build.directory)}/-`;
  const analysis = manifests.analysisOf(uri);
  const config = analysis.configOf(uri);
  const which = { index, together: asked.sets === "file" };
  const found =
    build === undefined
      ? playedInFile(analysis.documents(uri), which, (id) => analysis.documents(id.uri)[id.document])
      : playedInBuild(builds?.resources(build) ?? [], which, config);
  if (found.type === "nothing") return { type: "invalid", problems: [...found.problems] };
  return playForPanel(found, asked, { behaviour: playedBehaviour(config), width });
}

import { planEdit, playedApplyOf, setFromText } from "../../engine/api.js";
import type { AppliesParams, AppliesResult } from "../../protocol/protocol.js";
import { canonicalUri } from "../uri.js";
import type { Server } from "./feature.js";

/** What `kubectl apply` of a manifest does to each of the sets that may be there before. */
export function applies({ manifests }: Server, { uri: spelling, manifest, befores }: AppliesParams): AppliesResult {
  const uri = canonicalUri(spelling);
  const config = manifests.analysisOf(uri).configOf(uri);
  const after = setFromText(manifest);
  return befores.map((text) => {
    const before = text === null ? undefined : setFromText(text, after?.key);
    if (after === undefined || (text !== null && before === undefined)) return null;
    const planned = planEdit(before, after, "client", config);
    return (planned && playedApplyOf(planned)) ?? null;
  });
}

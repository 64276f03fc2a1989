import { formatRelease } from "../../engine/api.js";
import type { StatusResult } from "../../protocol/protocol.js";
import type { AskedFile } from "./feature.js";

/** By what a file is judged, with how many others. */
export function status({ analysis, uri, server: { manifests } }: AskedFile): StatusResult {
  const { kubernetesVersion, range, profile } = analysis.configOf(uri);
  const [oldest] = range;
  const newest = formatRelease(kubernetesVersion);
  return {
    release: `Kubernetes ${oldest === undefined ? "" : `${formatRelease(oldest.kubernetesVersion)} - `}${newest}`,
    profile,
    files: [...analysis.uris()].length,
    isReading: !manifests.isComplete,
  };
}

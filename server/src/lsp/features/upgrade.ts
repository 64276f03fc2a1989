import {
  attempt,
  describedReleases,
  formatRelease,
  isConfigFile,
  newerText,
  newestRelease,
  parseRelease,
  printable,
  type Analysis,
  type Failure,
  type LineIndex,
  type Release,
} from "../../engine/api.js";
import type { UpgradeParams, UpgradeResult, UpgradeTargets } from "../../protocol/protocol.js";
import { toRange } from "../to-lsp.js";
import type { Server } from "./feature.js";

/** All manifests of the workspace. */
export interface AllManifests {
  readonly uris: ReadonlySet<string>;
  analysisOf(uri: string): Analysis;
  /** As the editor counts. */
  lines(uri: string): LineIndex | undefined;
  /** The URI as the editor spells it. */
  spelling(uri: string): string;
  /** Is called for a file that cannot be checked. */
  failed(uri: string, failure: Failure): void;
}

/** Once all folders are read. */
export async function allManifests(server: Server): Promise<AllManifests> {
  const { documents, files, guard, manifests, ready, scanned } = server;
  await Promise.all([ready, scanned]);
  return {
    uris: new Set(manifests.uris()),
    analysisOf: (uri) => manifests.analysisOf(uri),
    lines: (uri) => files(uri).lines(uri),
    spelling: (uri) => documents.spelling(uri),
    failed: (uri, failure) => guard.failed(uri, failure),
  };
}

/** The releases that the manifests are for, and all that are newer than the oldest of them; the newest in any case. */
export function upgradeTargets(manifests: AllManifests): UpgradeTargets {
  const current = sorted(
    manifestUris(manifests).map((uri) => {
      const { range, newerRelease, kubernetesVersion } = manifests.analysisOf(uri).configOf(uri);
      return range[0]?.kubernetesVersion ?? newerRelease ?? kubernetesVersion;
    }),
  );
  const oldest = current[0]?.minor ?? newestRelease.minor;
  const known = describedReleases.filter(({ minor }) => minor > oldest || minor === newestRelease.minor);
  return {
    current: names(current),
    targets: [
      { release: formatRelease({ minor: newestRelease.minor + 1, patch: undefined }), isKnown: false },
      ...known.map((release) => ({ release: formatRelease(release), isKnown: true })),
    ],
  };
}

/** What an upgrade changes for all manifests. */
export function upgrade(manifests: AllManifests, { to }: UpgradeParams): UpgradeResult {
  const target = parseRelease(to);
  if (target === undefined) {
    return { type: "refused", reason: `\`${printable(to)}\` is not a Kubernetes release such as 1.37` };
  }
  const starts: Release[] = [];
  const files = manifestUris(manifests).flatMap((uri) => {
    const analysis = manifests.analysisOf(uri);
    const lines = manifests.lines(uri);
    const checked = attempt("Checking an upgrade", () => analysis.upgrade(uri, target));
    if (checked.type === "failed") manifests.failed(uri, checked.failure);
    if (lines === undefined || checked.type === "failed") return [];
    const { from, changes } = checked.value;
    starts.push(from);
    if (changes.length === 0) return [];
    const placed = changes.map(({ severity, rule, text, source, span }) => {
      return { severity, rule, text: printable(text), source, ...toRange(span, lines) };
    });
    return [{ uri: manifests.spelling(uri), changes: placed }];
  });
  const note = target.minor > newestRelease.minor ? newerText(target) : undefined;
  return { type: "changes", files, from: names(sorted(starts)), note };
}

function manifestUris(manifests: AllManifests): readonly string[] {
  const hasResources = (uri: string) =>
    manifests
      .analysisOf(uri)
      .documents(uri)
      .some(({ chunk }) => chunk.resources.length > 0);
  return [...manifests.uris].toSorted().filter((uri) => !isConfigFile(uri) && hasResources(uri));
}

function sorted(releases: readonly Release[]): readonly Release[] {
  return releases.toSorted((a, b) => a.minor - b.minor || (a.patch ?? Infinity) - (b.patch ?? Infinity) || 0);
}

function names(releases: readonly Release[]): readonly string[] {
  return [...new Set(releases.map(formatRelease))];
}

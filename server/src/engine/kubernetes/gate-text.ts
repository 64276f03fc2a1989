import type { GatePeriod, GateStage } from "./gates.js";
import { formatRelease, gateOf, type FeatureGate } from "./versions.js";

/**
 * Since which release a field is behind a gate: `Since Kubernetes 1.26 (alpha in 1.26, beta since 1.27)`, and where it is
 * on if that does not follow from the stage.
 */
export function describeGate(gate: FeatureGate): string {
  const { periods } = gateOf(gate);
  const first = (stage: GateStage) => periods.find((period) => period.stage === stage);
  const [alpha, beta, stable] = [first("alpha"), first("beta"), first("stable")];
  const stages = [
    ...(alpha === undefined ? [] : [`alpha in ${releaseOf(alpha)}`]),
    ...(beta === undefined ? [] : [`beta since ${releaseOf(beta)}`]),
    ...(stable === undefined ? [] : [`stable since ${releaseOf(stable)}`]),
  ];
  const since = periods[0] === undefined ? "" : `Since Kubernetes ${releaseOf(periods[0])} `;
  return `${since}(${stages.join(", ")}${defaults(periods)})`;
}

/** `; on by default from 1.35, off from 1.35.4, on from 1.37` for a gate that has been off in its beta. */
function defaults(periods: readonly GatePeriod[]): string {
  if (!periods.some(({ stage, enabled }) => stage === "beta" && !enabled)) return "";
  const changes = periods.filter(({ enabled }, index) => enabled !== (periods[index - 1]?.enabled ?? false));
  if (changes.length === 0) return "; off by default";
  return `; ${changes
    .map(
      (period, index) =>
        `${period.enabled ? "on" : "off"}${index === 0 ? " by default" : ""} from ${releaseOf(period)}`,
    )
    .join(", ")}`;
}

function releaseOf({ minor, patch }: GatePeriod): string {
  return formatRelease({ minor, patch });
}

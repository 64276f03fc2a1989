import { defaultRelease, type Release, type TargetCluster } from "../kubernetes/versions.js";
import type { Severity } from "./severity.js";
import type { GivenOptions } from "./options.js";

/** `recommended`: what is very likely wrong; `strict`: every rule there is. */
export const profiles = ["recommended", "strict"] as const;
/** Which files kustomize may read: those below each kustomization, or any. */
export const loadRestrictors = ["root", "none"] as const;
export type LoadRestrictor = (typeof loadRestrictors)[number];

export type Profile = (typeof profiles)[number];

/** What the user decides. It is an argument everywhere and stored nowhere but in the `Workspace`. */
export interface Config extends TargetCluster {
  /**
   * The releases that the manifests must all work on, oldest first, where there are several: `kubernetesVersion` is the
   * newest of them.
   */
  readonly range: readonly TargetRelease[];
  /** Whether the files of the workspace say for which releases they are. */
  readonly detectsRelease: boolean;
  /** With `detectsRelease`: what the cluster itself said, if the user had it asked. */
  readonly clusterRelease: Release | undefined;
  /** Which rules run, unless their severity is set by itself. */
  readonly profile: Profile;
  /** Whether rules run that say what any YAML editor with the schemas says, unless their severity is set by itself. */
  readonly schemaValidation: "on" | "off";
  /** Whether to report what any parser of YAML reports, unless the severity of the rule is set by itself. */
  readonly yamlErrors: "on" | "off";
  /** What kustomizations are built with. */
  readonly loadRestrictor: LoadRestrictor;
  /** Names of Services that others make (an operator, another repository), with `*` for any part of a name. */
  readonly externalServices: readonly string[];
  /** Severity of a rule's findings by rule id, in place of the rule's own. */
  readonly rules: Readonly<Record<string, Severity | "off">>;
  /** What is set of rules' options by rule id; the rest is as the rules have it. */
  readonly options: Readonly<Record<string, GivenOptions>>;
}

/** One release of a range, and what it is checked as. */
export type TargetRelease = Pick<TargetCluster, "kubernetesVersion" | "newerRelease">;

export const defaultConfig: Config = {
  kubernetesVersion: defaultRelease,
  newerRelease: undefined,
  range: [],
  detectsRelease: false,
  clusterRelease: undefined,
  featureGates: {},
  profile: "recommended",
  schemaValidation: "on",
  yamlErrors: "on",
  loadRestrictor: "root",
  externalServices: [],
  rules: {},
  options: {},
};

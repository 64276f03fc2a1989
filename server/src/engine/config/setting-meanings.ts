import type { Profile } from "./config.js";

/**
 * What each setting is for, in Markdown: for the settings of an editor, the schema of `.ordinal.yaml` and what is shown
 * in such a file. Another setting stands in backticks.
 */
export const settingMeanings = {
  kubernetesVersion:
    "The Kubernetes release that the manifests are for, such as `1.37` or `1.35.2`. It decides which fields and feature gates there are. A range such as `1.34 - 1.37` checks that the manifests work on each of them. `auto` takes what the repository says: its kind configuration, its CI files, or the `kubeVersion` of a chart. If you ask the cluster itself (the command *Ask the Cluster for Its Kubernetes Version*, or `--ask-cluster`), its answer counts instead.",
  featureGates:
    "Feature gates that the cluster's administrator has switched on or off against their default. A field behind a gate that is off is silently dropped by the API server.",
  loadRestrictor:
    "`none` builds kustomizations that read files outside their own directory. `kubectl apply -k` refuses them; tools that pass `--load-restrictor LoadRestrictionsNone` do not.",
  profile: "Which rules run, unless `rules` says otherwise.",
  externalServices:
    "Names of Services that somebody else makes (an operator, another repository): no rule looks for them. `*` stands for any part of a name, as in `vault-*`.",
  rules:
    "Severity of single rules in place of their own; `off` switches a rule off. Options of a rule are given in a map, with `severity` among them or without.",
} as const;

export const profileMeanings: Readonly<Record<Profile, string>> = {
  recommended: "What is very likely a mistake.",
  strict: "Every rule, matters of taste included.",
};

/** What is said of a rule in few words. */
export function ruleMeaning(flags: string): string {
  return `Flags ${flags}.`;
}

/** Of the setting `severity` that may stand among a rule's options. */
export const severityMeaning = "In place of the rule's own.";

import type { Profile } from "./config.js";

/**
 * What each setting is for, in Markdown: for the settings of an editor, the schema of `.ordinal.yaml` and what is shown
 * in such a file. Another setting stands in backticks.
 */
export const settingMeanings = {
  kubernetesVersion:
    "The Kubernetes release that the manifests are for, such as `1.37` or `1.35.2`. It decides which fields and feature gates exist. A range such as `1.34 - 1.37` checks that the manifests work on each of them. `auto` reads the release from the repository: its kind configuration, its CI files, or the `kubeVersion` of a chart. If you ask the cluster itself (the command *Ask the Cluster for Its Kubernetes Version*, or `--ask-cluster`), its answer is used instead.",
  featureGates:
    "Feature gates that are turned on or off in your cluster, unlike their default. The API server silently drops a field whose gate is off.",
  loadRestrictor:
    "`none` builds kustomizations that read files outside their own directory. `kubectl apply -k` refuses them; tools that pass `--load-restrictor LoadRestrictionsNone` do not.",
  profile: "Which rules run, apart from those in `rules`.",
  externalServices:
    "Names of Services that something else creates (an operator, another repository). No rule looks for them. `*` stands for any part of a name, as in `vault-*`.",
  rules:
    "Severities of single rules. `off` disables a rule. To set options of a rule, use a map; it can also have `severity`.",
} as const;

export const profileMeanings: Readonly<Record<Profile, string>> = {
  recommended: "Only what is very likely a mistake.",
  strict: "All rules, also those about style.",
};

/** What is said of a rule in few words. */
export function ruleMeaning(flags: string): string {
  return `Flags ${flags}.`;
}

/** Of the setting `severity` that may stand among a rule's options. */
export const severityMeaning = "Replaces the severity of the rule.";

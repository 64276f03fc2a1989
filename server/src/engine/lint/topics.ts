/** What rules are about, with the heading of each topic: the order of the overview in `docs/rules/README.md`. */
export const ruleTopics = {
  identity: "Names, Services and DNS",
  storage: "Volumes and retention",
  rollout: "Rollouts and order",
  availability: "Availability and node drains",
  edits: "Edits of a running StatefulSet",
  fields: "Fields and values",
  files: "YAML, Kustomize and Helm",
  ordinal: "Ordinal itself",
} as const;

export type RuleTopic = keyof typeof ruleTopics;

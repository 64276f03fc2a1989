/** What `ordinal init` writes, and what docs/ci.md shows. */

/** Every setting, as a comment: nothing in it holds until its \`#\` is taken away. */
export const configRecipe = `# Settings of Ordinal for this directory and all below it.
# What they mean: https://github.com/ordinal-dev/ordinal#configuration

# The release that the manifests are for. 1.34 - 1.37 checks each of these;
# auto takes what the repository says: kind, CI files, kubeVersion of a chart.
# kubernetesVersion: auto

# Which rules run: recommended (what is very likely a mistake), or strict (all).
# profile: recommended

# Services that others make, such as an operator: no rule looks for them.
# externalServices: [vault-internal, consul-*]

# Feature gates that your cluster has switched.
# featureGates: { MaxUnavailableStatefulSet: true }

# With none, kustomizations may read files outside their own directory.
# loadRestrictor: root

# Severity and options of rules; ordinal explain RULE tells which there are.
# rules:
#   service-name-unset: off
#   pdb-missing: { severity: info, minReplicas: 3 }
`;

/** A hook for `.pre-commit-config.yaml`, as an item of its `repos`. */
export const preCommitRecipe = `  - repo: https://github.com/ordinal-dev/ordinal
    rev: v0.1.0
    hooks:
      - id: ordinal
`;

/** `.github/workflows/ordinal.yaml` */
export const githubRecipe = `name: Ordinal
on:
  pull_request:
  push:
    branches: [main]
permissions:
  contents: read
jobs:
  lint:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v5
      - uses: ordinal-dev/ordinal@v0.1.0
        with:
          paths: .
`;

/** For `.gitlab-ci.yml`. */
export const gitlabRecipe = `ordinal:
  image: node:22-slim
  script:
    - npx --yes ordinal@0.1.0 lint --output gitlab=gl-code-quality-report.json --output junit=ordinal.xml
  artifacts:
    when: always
    reports:
      codequality: gl-code-quality-report.json
      junit: ordinal.xml
`;

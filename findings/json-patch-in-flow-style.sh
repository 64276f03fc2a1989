#!/usr/bin/env bash
# kubectl 1.36.3 (kustomize 5.8.1): a list of patch operations, written as YAML in flow style.
#
# Guess: patches are YAML, so `- op: remove` and `[{ op: remove }]` are the same patch.
# Seen: in block style the patch is applied. In flow style the build fails: "unable to parse SM or JSON patch". With the
#   keys and words in quotes, which makes it JSON, the same list is applied.
# Why it matters: the message names neither the style nor the quotes, and every YAML tool reads both as the same list.
set -euo pipefail
source "$(dirname "$0")/setup.bash"
tools 36 2.0.1

printf 'apiVersion: apps/v1\nkind: StatefulSet\nmetadata: {name: db}\nspec: {replicas: 3}\n' > set.yaml
built() {
  printf 'resources: [set.yaml]\npatches:\n- target: {kind: StatefulSet}\n  patch: "%s"\n' "$1" > kustomization.yaml
  tools/36/kubectl kustomize . > out.txt 2>&1 && grep replicas out.txt || grep -o 'unable to parse SM or JSON patch' out.txt
}
check "block style" '  replicas: 5' "$(built '- {op: replace, path: /spec/replicas, value: 5}')"
check "flow style" 'unable to parse SM or JSON patch' "$(built '[{op: replace, path: /spec/replicas, value: 5}]')"
check "as JSON" '  replicas: 5' "$(built '[{\"op\": \"replace\", \"path\": \"/spec/replicas\", \"value\": 5}]')"

#!/usr/bin/env bash
# kustomize 5.8.1 (kubectl 1.36.3): a replacement into a claim template adds another claim template.
#
# Guess: `volumeClaimTemplates.[metadata.name=data]` selects the template of that name, or is an error.
# Seen: the text before `=` is one key, not a path, so nothing matches. Without `create` that is an error. With
#   `create: true`, meant for the missing field storageClassName, a new item is added to the list: it has a key that is
#   called `metadata.name`, and no metadata.
# Why it matters: claim templates have no name at their top level, so no replacement can select one by its name; and the
#   build succeeds with a StatefulSet that the API server refuses.
set -euo pipefail
source "$(dirname "$0")/setup.bash"
tools 36 2.0.1
kubectl=tools/36/kubectl

mkdir set
cat > set/set.yaml <<'YAML'
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: db, annotations: {class: fast}}
spec:
  volumeClaimTemplates:
    - metadata: {name: data}
      spec: {accessModes: [ReadWriteOnce]}
YAML
kustomization() {
  cat > set/kustomization.yaml <<YAML
resources: [set.yaml]
replacements:
  - source: {kind: StatefulSet, fieldPath: metadata.annotations.class}
    targets:
      - select: {kind: StatefulSet}
        fieldPaths: ["spec.volumeClaimTemplates.[metadata.name=data].spec.storageClassName"]
        options: {create: $1}
YAML
}
kustomization true
check "with create" \
  '[{"metadata":{"name":"data"},"spec":{"accessModes":["ReadWriteOnce"]}},{"metadata.name":"data","spec":{"storageClassName":"fast"}}]' \
  "$($kubectl label --local -k set a=b -o 'jsonpath={.spec.volumeClaimTemplates}')"
kustomization false
check "without create" \
  'error: unable to find field "spec.volumeClaimTemplates.[metadata.name=data].spec.storageClassName" in replacement target' \
  "$($kubectl kustomize set 2>&1 || true)"

#!/usr/bin/env bash
# kustomize 5.8.1 and kubectl 1.36.3: `$patch: delete` for one claim template ends up in the result.
#
# Guess: it deletes the claim template of that name, as it does for containers and volumes, or it is an error.
# Seen: volumeClaimTemplates has no merge key, so the patch replaces the whole list, and the directive is copied like any
#   other field. The result has one claim template, `log`, which was to go, with a field called `$patch`; `data` is gone.
# Why it matters: both tools succeed with a StatefulSet whose claim template has neither a size nor an access mode.
set -euo pipefail
source "$(dirname "$0")/setup.bash"
tools 36 2.0.1
kubectl=tools/36/kubectl

mkdir set
cat > set/set.yaml <<'YAML'
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: db}
spec:
  volumeClaimTemplates:
    - {metadata: {name: data}, spec: {accessModes: [ReadWriteOnce]}}
    - {metadata: {name: log}, spec: {accessModes: [ReadWriteOnce]}}
YAML
cat > set/patch.yaml <<'YAML'
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: db}
spec:
  volumeClaimTemplates:
    - {metadata: {name: log}, $patch: delete}
YAML
printf 'resources: [set.yaml]\npatches: [{path: patch.yaml}]\n' > set/kustomization.yaml
expected='  volumeClaimTemplates:
  - $patch: delete
    metadata:
      name: log'
check "kustomize" "$expected" "$($kubectl kustomize set | sed -n '/volumeClaim/,$p')"
check "kubectl patch" "$expected" \
  "$($kubectl patch --local -f set/set.yaml --patch-file set/patch.yaml -o yaml | sed -n '/volumeClaim/,$p')"

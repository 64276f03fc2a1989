#!/usr/bin/env bash
# kustomize 5.8.1 and kubectl 1.36.3: items that a strategic merge patch adds stand before the existing ones.
#
# Guess: a new env variable, init container or argument of a patch is appended.
# Seen: both tools put the new items first. Order has a meaning in these lists: `$(POD_NAME)` is expanded only from
#   variables that stand earlier, and init containers run in the order of the list.
# Why it matters: a StatefulSet's base defines POD_NAME from metadata.name, an overlay adds `ADDRESS=$(POD_NAME).db`. The
#   pods get the literal text `$(POD_NAME).db`, and the overlay's init container runs before the base's.
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
  template:
    spec:
      initContainers: [{name: make-folders}]
      containers:
        - name: db
          env: [{name: POD_NAME, valueFrom: {fieldRef: {fieldPath: metadata.name}}}]
YAML
cat > set/patch.yaml <<'YAML'
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: db}
spec:
  template:
    spec:
      initContainers: [{name: fill-folders}]
      containers:
        - name: db
          env: [{name: ADDRESS, value: $(POD_NAME).db}]
YAML
printf 'resources: [set.yaml]\npatches: [{path: patch.yaml}]\n' > set/kustomization.yaml
path='jsonpath={.spec.template.spec.initContainers[*].name} / {.spec.template.spec.containers[0].env[*].name}'
expected='fill-folders make-folders / ADDRESS POD_NAME'
check "kustomize" "$expected" "$($kubectl label --local -k set a=b -o "$path")"
check "kubectl patch" "$expected" "$($kubectl patch --local -f set/set.yaml --patch-file set/patch.yaml -o "$path")"

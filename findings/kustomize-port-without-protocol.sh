#!/usr/bin/env bash
# kustomize 5.8.1 (kubectl 1.36.3): a patch of a container port without `protocol` is lost if the base writes it.
#
# Guess: container ports merge by `containerPort`, as `kubectl patch` and the API's patchMergeKey say.
# Seen: where the base has `protocol: TCP`, the patch `{containerPort: 5432, hostPort: 5432}` changes nothing: no
#   hostPort, no second item, no error. Where the base leaves the protocol out, it merges. `kubectl patch` always merges.
# Why it matters: writing a default (`protocol: TCP`) in a base of a StatefulSet switches off patches in its overlays.
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
      containers:
        - name: db
          ports:
            - {containerPort: 5432, name: sql, protocol: TCP}
            - {containerPort: 8008, name: http}
YAML
cat > set/patch.yaml <<'YAML'
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: db}
spec:
  template:
    spec:
      containers:
        - name: db
          ports:
            - {containerPort: 5432, hostPort: 5432}
            - {containerPort: 8008, hostPort: 8008}
YAML
printf 'resources: [set.yaml]\npatches: [{path: patch.yaml}]\n' > set/kustomization.yaml
path='jsonpath={.spec.template.spec.containers[0].ports}'
check "kustomize" \
  '[{"containerPort":5432,"name":"sql","protocol":"TCP"},{"containerPort":8008,"hostPort":8008,"name":"http"}]' \
  "$($kubectl label --local -k set a=b -o "$path")"
check "kubectl patch" \
  '[{"containerPort":5432,"hostPort":5432,"name":"sql","protocol":"TCP"},{"containerPort":8008,"hostPort":8008,"name":"http"}]' \
  "$($kubectl patch --local -f set/set.yaml --patch-file set/patch.yaml -o "$path")"

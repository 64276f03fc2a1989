#!/usr/bin/env bash
# kubectl 1.36.3 with kustomize 5.8.1: `-f` and `-k` read the same StatefulSet differently.
#
# Guess: one binary, one YAML reader. What `kubectl apply -f` refuses, `kubectl apply -k` refuses too.
# Seen: an unquoted annotation `on`, `1.10`, `0400` or `~` is an error with -f (a bool, a number, null). With -k each
#   becomes a string that keeps its spelling, even `~`. In other places, -k reads `on` as a string (-f: true), but does
#   not keep `1.10`. An unquoted date stays as it is with -f, and gets a time with -k.
# Why it matters: a manifest can work through a kustomization and fail without it, and a StatefulSet's arguments (and so
#   its revision) depend on which of the two was used.
set -euo pipefail
source "$(dirname "$0")/setup.bash"
tools 36 2.0.1
kubectl=tools/36/kubectl

mkdir set
echo 'resources: [set.yaml]' > set/kustomization.yaml
cat > set/set.yaml <<'YAML'
apiVersion: apps/v1
kind: StatefulSet
metadata:
  name: db
  annotations: {backup: on, version: 1.10, mode: 0400, owner: ~}
YAML
check "annotations with -f" \
  'error: unable to decode "set/set.yaml": json: cannot unmarshal bool into Go struct field ObjectMeta.metadata.annotations of type string' \
  "$($kubectl patch --local -f set/set.yaml -p '{}' -o yaml 2>&1 || true)"
check "annotations with -k" '    backup: "on"
    mode: "0400"
    owner: "~"
    version: "1.10"' "$($kubectl kustomize set | grep '^    ')"

cat > set/set.yaml <<'YAML'
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: db}
spec:
  template:
    spec:
      containers:
        - {name: db, args: [on, 1.10, 2026-01-31]}
YAML
path='{.spec.template.spec.containers[0].args}'
check "arguments with -f" '[true,1.1,"2026-01-31"]' "$($kubectl label --local -f set/set.yaml a=b -o "jsonpath=$path")"
check "arguments with -k" '["on",1.1,"2026-01-31T00:00:00Z"]' \
  "$($kubectl label --local -k set a=b -o "jsonpath=$path")"

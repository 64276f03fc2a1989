#!/usr/bin/env bash
# kubectl 1.36.3 (kustomize 5.8.1): a configMapGenerator that merges into a ConfigMap of `resources`.
#
# Guess: what a generator writes has a hash in its name, so a changed value gives the ConfigMap another name, and the pods
#   of a StatefulSet that mounts it restart. It is so when the ConfigMap that is merged into is generated too.
# Seen: merged into a plain ConfigMap, the value is changed and the name stays. The pod template does not change, and
#   `kubectl apply -k` restarts nothing. There is no warning; `options.disableNameSuffixHash: false` changes nothing.
# Why it matters: an overlay that adds one setting to a base looks the same in both cases, and only one of them rolls out.
set -euo pipefail
source "$(dirname "$0")/setup.bash"
tools 36 2.0.1

mkdir -p plain generated plain-overlay generated-overlay
cat > set.yaml <<'YAML'
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: db}
spec:
  serviceName: db
  selector: {matchLabels: {app: db}}
  template:
    metadata: {labels: {app: db}}
    spec:
      containers: [{name: db, image: db:1, envFrom: [{configMapRef: {name: db}}]}]
YAML
cp set.yaml plain/
cp set.yaml generated/
cat > plain/config.yaml <<'YAML'
apiVersion: v1
kind: ConfigMap
metadata: {name: db}
data: {level: info}
YAML
echo 'resources: [set.yaml, config.yaml]' > plain/kustomization.yaml
printf 'resources: [set.yaml]\nconfigMapGenerator: [{name: db, literals: [level=info]}]\n' > generated/kustomization.yaml
overlay() {
  cat > "$1-overlay/kustomization.yaml" <<YAML
resources: [../$1]
configMapGenerator:
  - name: db
    behavior: merge
    literals: [level=debug]
    options: {disableNameSuffixHash: false}
YAML
}
overlay plain
overlay generated
built() { tools/36/kubectl kustomize "$1-overlay"; }
check "the value is merged" '  level: debug' "$(built plain | grep level)"
check "merged into a plain ConfigMap: its name in the pods" 'name: db' "$(built plain | grep -A1 configMapRef | tail -1 | xargs)"
check "merged into a generated one" 'name: db-<hash>' \
  "$(built generated | grep -A1 configMapRef | tail -1 | xargs | sed -E 's/-[a-z0-9]{10}$/-<hash>/')"

#!/usr/bin/env bash
# kubectl 1.36.3: `kubectl set ... --local` drops fields that this kubectl does not know.
#
# Guess: the commands that edit a local file (`label`, `annotate`, `patch`, `set`) change one thing, and keep the rest; a
#   field of a newer Kubernetes stays.
# Seen: `set image` and `set env` read the StatefulSet into kubectl's own types. Unknown fields vanish, exit code 0, no
#   warning. They also add an empty updateStrategy, a `status` with zero replicas, and `status: {}` in each claim template.
#   `label`, `annotate` and `patch` keep unknown fields and add nothing.
# Why it matters: a pipeline that sets the image of a StatefulSet with an older kubectl removes newer fields (1.37 has
#   `bindMountOptions`), and hides misspelt ones before the API server can refuse them.
set -euo pipefail
source "$(dirname "$0")/setup.bash"
tools 36 2.0.1
kubectl=tools/36/kubectl

cat > set.yaml <<'YAML'
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: db}
spec:
  template:
    spec:
      containers:
        - name: db
          image: postgres:17
          volumeMounts: [{name: data, mountPath: /data, bindMountOptions: {}}]
  volumeClaimTemplates:
    - metadata: {name: data}
YAML
seen() { grep -oE 'bindMountOptions|status|availableReplicas|updateStrategy' | tr '\n' ' '; }
for command in "set image db=postgres:18" "set env A=B"; do
  check "$command" 'updateStrategy status status availableReplicas ' "$($kubectl $command --local -f set.yaml -o yaml | seen)"
done
for command in "label a=b" "annotate a=b" "patch -p {}"; do
  check "$command" 'bindMountOptions ' "$($kubectl $command --local -f set.yaml -o yaml | seen)"
done

#!/usr/bin/env bash
# kubectl 1.36.3, kustomize 5.8.1, yaml 2.9.1: `<<` after a map's own keys.
#
# Guess: keys of the map itself win over merged ones, wherever `<<` stands; so the merge key's specification says.
# Seen: in kubectl, a `<<` that stands after a key overrides it. kustomize, inside the same binary, and the yaml package
#   keep the map's own key. Two `<<` in one map: kubectl takes both, kustomize fails.
# Why it matters: `matchLabels: {app: db, <<: *common}` selects other pods with `apply -f` than with `apply -k`; the
#   selector of a StatefulSet cannot be changed afterwards.
set -euo pipefail
source "$(dirname "$0")/setup.bash"
tools 36 2.0.1
install yaml@2.9.1
kubectl=tools/36/kubectl

mkdir set
echo 'resources: [set.yaml]' > set/kustomization.yaml
cat > set/set.yaml <<'YAML'
apiVersion: apps/v1
kind: StatefulSet
metadata:
  name: db
  labels: &common {app: shared, tier: data}
spec:
  selector:
    matchLabels: {app: db, <<: *common}
YAML
path='jsonpath={.spec.selector.matchLabels}'
check "kubectl" '{"app":"shared","tier":"data"}' "$($kubectl label --local -f set/set.yaml a=b -o "$path")"
check "kustomize" '{"app":"db","tier":"data"}' "$($kubectl label --local -k set a=b -o "$path")"
check "yaml" '{"app":"db","tier":"data"}' "$(node -e '
  const text = require("fs").readFileSync("set/set.yaml", "utf8");
  console.log(JSON.stringify(require("yaml").parse(text, { merge: true }).spec.selector.matchLabels));')"

sed -i 's/{app: db, <<: \*common}/{<<: {app: db}, <<: {tier: data}}/' set/set.yaml
check "kubectl, two of them" '{"app":"db","tier":"data"}' "$($kubectl label --local -f set/set.yaml a=b -o "$path")"
check "kustomize, two of them" 'duplicate merge key' "$($kubectl kustomize set 2>&1 | grep -o 'duplicate merge key')"

#!/usr/bin/env bash
# kubectl 1.36.3, kustomize 5.8.1, Helm 4.2.3, yaml 2.9.1: a document that follows `...` directly.
#
# Guess: `...` ends a document, and the next one may begin without `---`; or the tools say that they do not support it.
# Seen: kubectl, kustomize and Helm read the first document and drop the second one. All exit with 0 and print no warning.
# Why it matters: some YAML writers end a stream with `...` (jsonnet -y does). Append a Service to such a StatefulSet, and
#   it is never created. Helm prints its text, so it looks right, and what reads that text drops it.
set -euo pipefail
source "$(dirname "$0")/setup.bash"
tools 36 2.0.1
install yaml@2.9.1

mkdir -p chart/templates
cat > chart/templates/all.yaml <<'YAML'
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: db}
...
apiVersion: v1
kind: Service
metadata: {name: db}
YAML
printf 'apiVersion: v2\nname: chart\nversion: 0.1.0\n' > chart/Chart.yaml
mkdir set
cp chart/templates/all.yaml set/
echo 'resources: [all.yaml]' > set/kustomization.yaml
names() { tools/36/kubectl label --local "$@" a=b -o name 2>&1; }
check "kubectl" 'statefulset.apps/db' "$(names -f set/all.yaml)"
check "kustomize" 'statefulset.apps/db' "$(names -k set)"
tools/36/helm template chart > rendered.yaml
check "kinds in Helm's text" $'kind: StatefulSet\nkind: Service' "$(grep '^kind' rendered.yaml)"
check "kubectl on Helm's text" 'statefulset.apps/db' "$(names -f rendered.yaml)"
check "yaml" 'StatefulSet Service' "$(node -e '
  const text = require("fs").readFileSync("set/all.yaml", "utf8");
  console.log(require("yaml").parseAllDocuments(text).map((document) => document.get("kind")).join(" "));')"

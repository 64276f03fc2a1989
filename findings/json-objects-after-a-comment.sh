#!/usr/bin/env bash
# kubectl 1.36.3 and 1.31.9, kustomize 5.8.1: several JSON objects in one file.
#
# Guess: all tools of one binary read the same objects; a comment above them changes nothing.
# Seen: kubectl reads two JSON objects that follow each other. With a `#` line above them it reads only the first one, and
#   prints no warning. kustomize always reads only the first. JSON, then `---`, then YAML: kubectl 1.31 fails, 1.36 reads
#   both.
# Why it matters: generators print StatefulSet and Service as JSON one after the other; a header comment, or `-k` for
#   `-f`, silently loses the Service.
set -euo pipefail
source "$(dirname "$0")/setup.bash"
tools 36 2.0.1
tools 31 2.1.0

mkdir set
echo 'resources: [all.json]' > set/kustomization.yaml
set='{"apiVersion": "apps/v1", "kind": "StatefulSet", "metadata": {"name": "db"}}'
service='{"apiVersion": "v1", "kind": "Service", "metadata": {"name": "db"}}'
names() { "tools/$1/kubectl" label --local "${@:2}" a=b -o name 2>&1 || true; }

printf '%s\n' "$set" "$service" > set/all.json
check "kubectl" $'statefulset.apps/db\nservice/db' "$(names 36 -f set/all.json)"
check "kustomize" 'statefulset.apps/db' "$(names 36 -k set)"
printf '%s\n' '# generated' "$set" "$service" > commented.yaml
check "kubectl, below a comment" 'statefulset.apps/db' "$(names 36 -f commented.yaml)"
printf '%s\n' "$set" '---' 'apiVersion: v1' 'kind: Service' 'metadata: {name: db}' > mixed.yaml
check "kubectl 1.36, JSON and YAML" $'statefulset.apps/db\nservice/db' "$(names 36 -f mixed.yaml)"
check "kubectl 1.31, JSON and YAML" "statefulset.apps/db
error: error parsing mixed.yaml: json: offset 79: invalid character '-' in numeric literal" "$(names 31 -f mixed.yaml)"

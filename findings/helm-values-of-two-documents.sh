#!/usr/bin/env bash
# Helm 3.17.3, 4.1.4 and 4.2.3: a values file with two YAML documents.
#
# Guess: an error, or the same answer from every version.
# Seen: Helm 3 reads the first document and ignores the rest. Helm 4 merges all of them, later ones win, for `-f` and for
#   the chart's values.yaml alike. No version warns.
# Why it matters: a values file that was joined from two, or that holds an old variant after `---`, gives a StatefulSet
#   with other replicas after the move to Helm 4.
set -euo pipefail
source "$(dirname "$0")/setup.bash"
tools 36 2.0.1
tools 35 2.2.2
tools 31 2.1.0

mkdir -p chart/templates
printf 'apiVersion: v2\nname: chart\nversion: 0.1.0\n' > chart/Chart.yaml
echo 'values: {{ toJson .Values }}' > chart/templates/all.yaml
printf 'replicas: 3\nstorage: {size: 1Gi}\n---\nreplicas: 5\nstorage: {class: fast}\n' > values.yaml
said() { "tools/$1/helm" template chart "${@:2}" 2>&1 | grep '^values'; }

first='values: {"replicas":3,"storage":{"size":"1Gi"}}'
merged='values: {"replicas":5,"storage":{"class":"fast","size":"1Gi"}}'
check "Helm 3.17.3, -f" "$first" "$(said 31 -f values.yaml)"
check "Helm 4.1.4, -f" "$merged" "$(said 35 -f values.yaml)"
check "Helm 4.2.3, -f" "$merged" "$(said 36 -f values.yaml)"
cp values.yaml chart/
check "Helm 3.17.3, chart" "$first" "$(said 31)"
check "Helm 4.2.3, chart" "$merged" "$(said 36)"

#!/usr/bin/env bash
# Helm 3.17.3, 4.1.4 and 4.2.3: `null` in a chart's own values.yaml.
#
# Guess: null removes a default of a subchart, in values.yaml of the parent as in the user's values; a minor release of
#   Helm does not change that.
# Seen: until 4.1.4 the parent's null removes the subchart's default. In 4.2.3 the default is back, while a null in the
#   user's values still removes it. For the chart's own keys it is the reverse: `key: null` in its values.yaml was a key
#   with null until 4.1.4, and is no key at all in 4.2.3.
# Why it matters: a parent that switches off `persistence` or `nodeSelector` of a database's chart gets it back with a
#   minor update of Helm; where it shapes a claim template, the upgrade of the StatefulSet is refused.
set -euo pipefail
source "$(dirname "$0")/setup.bash"
tools 36 2.0.1
tools 35 2.2.2
tools 31 2.1.0

mkdir -p chart/templates chart/charts/db/templates
printf 'apiVersion: v2\nname: chart\nversion: 0.1.0\n' > chart/Chart.yaml
printf 'apiVersion: v2\nname: db\nversion: 0.1.0\n' > chart/charts/db/Chart.yaml
echo 'persistence: {size: 1Gi}' > chart/charts/db/values.yaml
printf 'own: {a: null, b: 1}\ndb: {persistence: null}\n' > chart/values.yaml
echo 'own: {{ toJson .Values.own }}' > chart/templates/own.yaml
echo 'db: {{ toJson .Values.persistence }}' > chart/charts/db/templates/db.yaml
said() { "tools/$1/helm" template chart "${@:2}" | grep -E '^(own|db)' | sort | tr '\n' ' '; }

check "Helm 3.17.3" 'db: null own: {"a":null,"b":1} ' "$(said 31)"
check "Helm 4.1.4" 'db: null own: {"a":null,"b":1} ' "$(said 35)"
check "Helm 4.2.3" 'db: {"size":"1Gi"} own: {"b":1} ' "$(said 36)"
check "Helm 4.2.3, user's null" 'db: null own: {"b":1} ' "$(said 36 --set db.persistence=null)"

#!/usr/bin/env bash
# Helm 3.17.3 and 4.2.3: what `.Capabilities.APIVersions.Has` says in `helm template`.
#
# Guess: offline it knows the API of the Kubernetes release that .Capabilities.KubeVersion names: built-in kinds yes,
#   versions that were removed no. So `Has "policy/v1/PodDisruptionBudget"` is true.
# Seen: every built-in kind is false; only groups with a version are known. Versions that are long gone are true:
#   policy/v1beta1 and extensions/v1beta1, although KubeVersion says v1.32 or v1.36. Helm 4.2.3 lost autoscaling/v2beta2.
# Why it matters: with a cluster, kinds are true. A chart that guards its StatefulSet's budget by kind renders without it
#   in CI and in GitOps tools, and with it in `helm install`. One that prefers policy/v1beta1 while it is there renders a
#   budget that no current API server takes.
set -euo pipefail
source "$(dirname "$0")/setup.bash"
tools 36 2.0.1
tools 31 2.1.0

mkdir -p chart/templates
printf 'apiVersion: v2\nname: chart\nversion: 0.1.0\n' > chart/Chart.yaml
cat > chart/templates/all.yaml <<'YAML'
kubernetes: {{ .Capabilities.KubeVersion }}
{{- range list "apps/v1" "apps/v1/StatefulSet" "policy/v1/PodDisruptionBudget" "policy/v1beta1" "extensions/v1beta1" "autoscaling/v2beta2" }}
{{ . }}: {{ $.Capabilities.APIVersions.Has . }}
{{- end }}
YAML
said() { "tools/$1/helm" template chart | grep ': ' | grep -v '^#'; }
check "Helm 3.17.3" 'kubernetes: v1.32.0
apps/v1: true
apps/v1/StatefulSet: false
policy/v1/PodDisruptionBudget: false
policy/v1beta1: true
extensions/v1beta1: true
autoscaling/v2beta2: true' "$(said 31)"
check "Helm 4.2.3" 'kubernetes: v1.36.0
apps/v1: true
apps/v1/StatefulSet: false
policy/v1/PodDisruptionBudget: false
policy/v1beta1: true
extensions/v1beta1: true
autoscaling/v2beta2: false' "$(said 36)"

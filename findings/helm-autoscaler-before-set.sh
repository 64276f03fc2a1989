#!/usr/bin/env bash
# Helm 3.17.3 and 4.2.3: an autoscaler is installed after Deployments, but before StatefulSets.
#
# Guess: Helm sorts kinds so that what others need comes first: workloads, then the HorizontalPodAutoscaler.
# Seen: PodDisruptionBudget, Service, Deployment, HorizontalPodAutoscaler, StatefulSet, Job. Kinds that Helm does not know
#   come last, so a VerticalPodAutoscaler comes after the StatefulSet.
# Why it matters: at a first install, the autoscaler of a StatefulSet exists before its target; that of a Deployment does
#   not. `helm template | kubectl apply` keeps the same order.
set -euo pipefail
source "$(dirname "$0")/setup.bash"
tools 36 2.0.1
tools 31 2.1.0

mkdir -p chart/templates
printf 'apiVersion: v2\nname: chart\nversion: 0.1.0\n' > chart/Chart.yaml
for kind in batch/v1/Job apps/v1/StatefulSet autoscaling.k8s.io/v1/VerticalPodAutoscaler apps/v1/Deployment \
  autoscaling/v2/HorizontalPodAutoscaler v1/Service policy/v1/PodDisruptionBudget; do
  printf -- '---\napiVersion: %s\nkind: %s\nmetadata: {name: db}\n' "${kind%/*}" "${kind##*/}" >> chart/templates/all.yaml
done
for tool in 31 36; do
  check "$("tools/$tool/helm" version --template '{{.Version}}')" \
    'PodDisruptionBudget Service Deployment HorizontalPodAutoscaler StatefulSet Job VerticalPodAutoscaler ' \
    "$("tools/$tool/helm" template chart | sed -n 's/^kind: //p' | tr '\n' ' ')"
done

#!/usr/bin/env bash
# kustomize 5.8.1 (kubectl 1.36.3): namePrefix renames what a claim template refers to, but only some of its references.
#
# Guess: references of a claim template to objects in the build follow their new names, as volumes and serviceName do.
#   A cluster-wide StorageClass keeps its name, or all that use it follow.
# Seen: the StorageClass is renamed. `storageClassName` of a claim template follows; that of an ephemeral volume's claim
#   in the same StatefulSet does not. The PVC is renamed. `claimName` of a volume follows; `dataSource` does not.
# Why it matters: the build succeeds, and claims stay Pending, since they wait for a PVC or a class that does not exist.
set -euo pipefail
source "$(dirname "$0")/setup.bash"
tools 36 2.0.1
kubectl=tools/36/kubectl

mkdir set
cat > set/all.yaml <<'YAML'
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: db}
spec:
  template:
    spec:
      volumes:
        - {name: seed, persistentVolumeClaim: {claimName: seed}}
        - {name: scratch, ephemeral: {volumeClaimTemplate: {spec: {storageClassName: fast}}}}
  volumeClaimTemplates:
    - metadata: {name: data}
      spec: {storageClassName: fast, dataSource: {kind: PersistentVolumeClaim, name: seed}}
---
{apiVersion: v1, kind: PersistentVolumeClaim, metadata: {name: seed}}
---
{apiVersion: storage.k8s.io/v1, kind: StorageClass, metadata: {name: fast}}
YAML
printf 'resources: [all.yaml]\nnamePrefix: dev-\n' > set/kustomization.yaml
check "built" 'storageclass.storage.k8s.io/dev-fast
persistentvolumeclaim/dev-seed
statefulset.apps/dev-db' "$($kubectl label --local -k set a=b -o name)"
check "references" '          claimName: dev-seed
              storageClassName: fast
        name: seed
      storageClassName: dev-fast' "$($kubectl kustomize set | grep -E 'claimName|storageClassName|^        name: seed')"

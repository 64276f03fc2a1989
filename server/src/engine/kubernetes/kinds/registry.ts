// Written by `npm run generate` from the files of this folder.
import configMap from "./config-map.js";
import daemonSet from "./daemon-set.js";
import deployment from "./deployment.js";
import horizontalPodAutoscaler from "./horizontal-pod-autoscaler.js";
import persistentVolumeClaim from "./persistent-volume-claim.js";
import podDisruptionBudget from "./pod-disruption-budget.js";
import replicaSet from "./replica-set.js";
import scaledObject from "./scaled-object.js";
import secret from "./secret.js";
import service from "./service.js";
import serviceAccount from "./service-account.js";
import statefulset from "./statefulset.js";
import storageClass from "./storage-class.js";

/** Every kind that something is known of. */
export const kinds = [
  configMap,
  daemonSet,
  deployment,
  horizontalPodAutoscaler,
  persistentVolumeClaim,
  podDisruptionBudget,
  replicaSet,
  scaledObject,
  secret,
  service,
  serviceAccount,
  statefulset,
  storageClass,
] as const;

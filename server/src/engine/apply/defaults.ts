import type { FieldType } from "../kubernetes/schema/schema.js";
import { isGateOn, type TargetCluster } from "../kubernetes/versions.js";
import { fieldsOf } from "./fields.js";
import { isArray, isObject, type Json, type JsonObject } from "./json.js";
import { storedQuantity } from "./quantity.js";
import { storedObject } from "./stored.js";

/**
 * A StatefulSet with the defaults that the API server fills in: pkg/apis/apps/v1/defaults.go and
 * pkg/apis/core/v1/defaults.go, Kubernetes 1.36, as far as they reach a pod template (SetObjectDefaults_StatefulSet in
 * pkg/apis/apps/v1/zz_generated.defaults.go). What only SetDefaults_Pod fills in stays as it is. Takes and returns the
 * stored form.
 */
export function withDefaults(object: JsonObject, cluster: TargetCluster): JsonObject {
  return storedObject(defaulted(object, { kind: "object", type: "apps.v1.StatefulSet" }, cluster), statefulSet);
}

const statefulSet = "apps.v1.StatefulSet";

function defaulted(
  object: JsonObject,
  type: FieldType & { readonly kind: "object" },
  cluster: TargetCluster,
): JsonObject {
  const own = defaultsOf(type.type, object, cluster);
  const inner = fieldsOf(type.type);
  return Object.fromEntries(
    Object.entries(own).map(([key, value]) => {
      const field = inner.get(key);
      return [key, field === undefined ? value : defaultedValue(value, field.schema.type, cluster)];
    }),
  );
}

function defaultedValue(value: Json, type: FieldType, cluster: TargetCluster): Json {
  switch (type.kind) {
    case "scalar":
      return value;
    case "object":
      return isObject(value) ? defaulted(value, type, cluster) : value;
    case "list":
      return isArray(value) ? value.map((item) => defaultedValue(item, type.item, cluster)) : value;
    case "map":
      if (!isObject(value)) return value;
      // SetDefaults_ResourceList
      if (type.value.kind === "scalar" && type.value.scalar === "quantity") return roundedUp(value);
      return Object.fromEntries(
        Object.entries(value).map(([key, entry]) => [key, defaultedValue(entry, type.value, cluster)]),
      );
  }
}

function roundedUp(list: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(list).map(([key, amount]) => {
      const isAmount = typeof amount === "string" || typeof amount === "number";
      return [key, (isAmount ? storedQuantity(amount, "milli") : undefined) ?? amount];
    }),
  );
}

/** An object of a type with what its own defaulting function adds. */
function defaultsOf(type: string, object: JsonObject, cluster: TargetCluster): JsonObject {
  switch (type) {
    case "apps.v1.StatefulSetSpec":
      return filled(object, {
        podManagementPolicy: "OrderedReady",
        updateStrategy: updateStrategy(object["updateStrategy"]),
        persistentVolumeClaimRetentionPolicy: isGateOn("StatefulSetAutoDeletePVC", cluster)
          ? filled(orEmpty(object["persistentVolumeClaimRetentionPolicy"]), {
              whenDeleted: "Retain",
              whenScaled: "Retain",
            })
          : undefined,
        replicas: 1,
        revisionHistoryLimit: 10,
      });
    case "PodSpec":
      return filled(withServiceAccount(object), {
        dnsPolicy: "ClusterFirst",
        restartPolicy: "Always",
        securityContext: {},
        terminationGracePeriodSeconds: 30,
        schedulerName: "default-scheduler",
      });
    case "Container":
    case "EphemeralContainer":
      return filled(object, {
        imagePullPolicy: pullPolicy(object["image"]),
        terminationMessagePath: "/dev/termination-log",
        terminationMessagePolicy: "File",
      });
    case "ContainerPort":
      return filled(object, { protocol: "TCP" });
    case "Probe":
      return filled(object, { timeoutSeconds: 1, periodSeconds: 10, successThreshold: 1, failureThreshold: 3 });
    case "HTTPGetAction":
      return filled(object, { path: "/", scheme: "HTTP" });
    // zz_generated.defaults.go: `+default=""` of a pointer.
    case "GRPCAction":
      return filled(object, { service: "" });
    case "ObjectFieldSelector":
      return filled(object, { apiVersion: "v1" });
    case "Volume":
      return hasSource(object) ? object : { ...object, emptyDir: {} };
    case "ImageVolumeSource":
      return filled(object, { pullPolicy: pullPolicy(object["reference"]) });
    case "SecretVolumeSource":
    case "ConfigMapVolumeSource":
    case "DownwardAPIVolumeSource":
    case "ProjectedVolumeSource":
      return filled(object, { defaultMode: 0o644 });
    case "ServiceAccountTokenProjection":
      return filled(object, { expirationSeconds: 3600 });
    case "HostPathVolumeSource":
      return filled(object, { type: "" });
    case "ISCSIVolumeSource":
      return filled(object, { iscsiInterface: "default" });
    case "RBDVolumeSource":
      return filled(object, { pool: "rbd", user: "admin", keyring: "/etc/ceph/keyring" });
    case "AzureDiskVolumeSource":
      return filled(object, { cachingMode: "ReadWrite", kind: "Shared", fsType: "ext4", readOnly: false });
    case "ScaleIOVolumeSource":
      return filled(object, { storageMode: "ThinProvisioned", fsType: "xfs" });
    case "PersistentVolumeClaim":
      // SetDefaults_StatefulSet's claims are whole objects: pkg/apis/apps/v1/conversion.go gives them their kind.
      return {
        ...object,
        apiVersion: "v1",
        kind: "PersistentVolumeClaim",
        status: filled(orEmpty(object["status"]), { phase: "Pending" }),
      };
    case "PersistentVolumeClaimSpec":
      return filled(object, { volumeMode: "Filesystem" });
    default:
      return object;
  }
}

/** Keys that are unset, or "" or 0 in a field that is no pointer, get their default. */
function filled(object: JsonObject, defaults: Readonly<Record<string, Json | undefined>>): JsonObject {
  const missing: Record<string, Json> = {};
  for (const [key, value] of Object.entries(defaults)) {
    if (value !== undefined && isUnset(object, key, value)) missing[key] = value;
  }
  return { ...object, ...missing };
}

/** An object given as default was made of what is there. */
function isUnset(object: JsonObject, key: string, value: Json | undefined): boolean {
  return object[key] === undefined || (isObject(value) && Object.keys(value).length > 0);
}

function orEmpty(value: Json | undefined): JsonObject {
  return isObject(value) ? value : {};
}

/** The block gets its partition only where the type is RollingUpdate, and is made only where there is no type. */
function updateStrategy(value: Json | undefined): JsonObject {
  const written = orEmpty(value);
  const block = written["rollingUpdate"];
  const strategy =
    written["type"] === undefined ? { ...written, type: "RollingUpdate", rollingUpdate: orEmpty(block) } : written;
  const inner = strategy["rollingUpdate"];
  return strategy["type"] === "RollingUpdate" && isObject(inner)
    ? { ...strategy, rollingUpdate: filled(inner, { partition: 0 }) }
    : strategy;
}

/**
 * Convert_v1_PodSpec_To_core_PodSpec and back (pkg/apis/core/v1/conversion.go): the old name gives the new one where
 * that is unset, and both are stored.
 */
function withServiceAccount(spec: JsonObject): JsonObject {
  const name = spec["serviceAccountName"] ?? spec["serviceAccount"];
  return name === undefined ? spec : { ...spec, serviceAccountName: name, serviceAccount: name };
}

/** Neither tag nor digest is `latest`; a digest alone is no tag (parsers.ParseImageName, pkg/util/parsers). */
function pullPolicy(image: Json | undefined): string {
  const [name = "", digest] = (typeof image === "string" ? image : "").split("@");
  const [, tag] = /^.*?(?::([^:/]+))?$/.exec(name.slice(name.lastIndexOf("/") + 1)) ?? [];
  return tag === "latest" || (tag === undefined && digest === undefined) ? "Always" : "IfNotPresent";
}

function hasSource(volume: JsonObject): boolean {
  return Object.keys(volume).some((key) => key !== "name");
}

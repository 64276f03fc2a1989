import type { Place } from "../../yaml/place.js";
import { isDns1123Label, isDns1123Subdomain } from "../names.js";
import { parseQuantity } from "../quantity.js";
import { invalid, mendedBy, missing, type Refusal } from "../refusal.js";
import { isDropped, isSince, type TargetCluster } from "../versions.js";
import { claimSpecRefusals } from "./claims.js";
import { fieldRefRefusals, resourceRefRefusals } from "./env.js";
import { labelsRefusals, annotationsRefusals, selectorRefusals } from "./metadata.js";
import { localDescending, localNonReserved, noBacksteps, pathRefusals } from "./paths.js";
import {
  conflict,
  duplicateItemRefusals,
  duplicateRefusals,
  exclusiveRefusals,
  formRefusals,
  isEmpty,
  isSet,
  isTrue,
  isUnset,
  maxId,
  oneOfRefusals,
  pointerRefusals,
  rangeRefusals,
  requiredText,
  textAt,
} from "./read.js";

/** The functions named here are those of pkg/apis/core/validation/validation.go, Kubernetes 1.36. */

const sources = [
  "emptyDir",
  "hostPath",
  "gitRepo",
  "gcePersistentDisk",
  "awsElasticBlockStore",
  "secret",
  "nfs",
  "iscsi",
  "glusterfs",
  "flocker",
  "persistentVolumeClaim",
  "rbd",
  "cinder",
  "cephfs",
  "quobyte",
  "downwardAPI",
  "fc",
  "flexVolume",
  "configMap",
  "azureFile",
  "vsphereVolume",
  "photonPersistentDisk",
  "portworxVolume",
  "azureDisk",
  "storageos",
  "projected",
  "scaleIO",
  "csi",
  "ephemeral",
  "image",
] as const;

/**
 * ValidateVolumes. A volume without a source is an emptyDir (SetDefaults_Volume, pkg/apis/core/v1/defaults.go). A claim
 * template replaces the volume of its name before anything is validated.
 */
export function* volumesRefusals(
  volumes: Place,
  claimTemplates: ReadonlySet<string>,
  cluster: TargetCluster,
): Iterable<Refusal> {
  const own = volumes.items().filter((volume) => !claimTemplates.has(textAt(volume.at("name")) ?? ""));
  yield* duplicateItemRefusals(own, "name");
  for (const volume of own) {
    yield* formRefusals(volume.at("name"), isDns1123Label);
    yield* exclusiveRefusals(volume, sources, "A volume");
    yield* sourceRefusals(volume, cluster);
  }
}

/** What a volume can be used for: as a block device, or to read a container's environment from. */
export interface VolumeUse {
  readonly block: boolean;
  readonly emptyDir: boolean;
  readonly image: boolean;
}

export function useOf(volume: Place): VolumeUse {
  const has = (source: string) => !isUnset(volume.at(source));
  return {
    block: has("persistentVolumeClaim") || has("ephemeral"),
    emptyDir: has("emptyDir") || !sources.some(has),
    image: has("image"),
  };
}

/** validateVolumeSource; what is merely required is the schema's business. */
function* sourceRefusals(volume: Place, cluster: TargetCluster): Iterable<Refusal> {
  yield* limitRefusals(volume.at("emptyDir", "sizeLimit"));
  // KEP-5502: with the sticky bit.
  yield* modeRefusals(volume.at("emptyDir", "mode"), 0o1777);
  // validateHostPathVolumeSource
  yield* pathRefusals(volume.at("hostPath", "path"), noBacksteps);
  // validateSecretVolumeSource, validateConfigMapVolumeSource
  for (const kind of ["secret", "configMap"]) {
    yield* modeRefusals(volume.at(kind, "defaultMode"), fileMode);
    yield* rangeRefusals(volume.at(kind, "defaultUser"), 0, maxId);
    for (const item of volume.at(kind, "items").items()) yield* keyToPathRefusals(item);
  }
  // validateDownwardAPIVolumeSource
  yield* modeRefusals(volume.at("downwardAPI", "defaultMode"), fileMode);
  yield* rangeRefusals(volume.at("downwardAPI", "defaultUser"), 0, maxId);
  for (const file of volume.at("downwardAPI", "items").items()) yield* downwardFileRefusals(file);
  yield* projectedRefusals(volume.at("projected"), cluster);
  yield* ephemeralRefusals(volume.at("ephemeral"));
  // validateImageVolumeSource: asked of templates too since 1.37 (pull request 135989).
  if (isSet(volume.at("image")) && isSince(cluster.kubernetesVersion, 37))
    yield* requiredText(volume.at("image", "reference"), "an image volume needs it");
  // validateNFSVolumeSource
  yield* pathRefusals(volume.at("nfs", "path"), (path) =>
    path.startsWith("/") ? undefined : "must be an absolute path",
  );
  // validateISCSIVolumeSource
  const iscsi = volume.at("iscsi");
  yield* formRefusals(iscsi.at("iqn"), isInitiator, "value");
  yield* pointerRefusals(iscsi.at("initiatorName"), isInitiator, "value");
  yield* rangeRefusals(iscsi.at("lun"), 0, 255);
  if ((isTrue(iscsi.at("chapAuthDiscovery")) || isTrue(iscsi.at("chapAuthSession"))) && isUnset(iscsi.at("secretRef")))
    yield missing(iscsi.at("secretRef"), "CHAP requires it");
  // validateGCEPersistentDiskVolumeSource, validateAWSElasticBlockStoreVolumeSource
  yield* rangeRefusals(volume.at("gcePersistentDisk", "partition"), 0, 255);
  yield* rangeRefusals(volume.at("awsElasticBlockStore", "partition"), 0, 255);
  yield* fibreChannelRefusals(volume.at("fc"));
  // validateAzureDisk
  const disk = volume.at("azureDisk");
  const managed = textAt(disk.at("kind")) === "Managed";
  if (isSet(disk))
    yield* pathRefusals(disk.at("diskURI"), (uri) =>
      uri.startsWith(managed ? "/subscriptions/" : "https://") || !isKind(textAt(disk.at("kind")))
        ? undefined
        : `must begin with \`${managed ? "/subscriptions/" : "https://"}\``,
    );
  // validateCSIVolumeSource
  yield* formRefusals(volume.at("csi", "driver"), isCsiDriver);
  yield* formRefusals(volume.at("csi", "nodePublishSecretRef", "name"), isDns1123Subdomain);
  // validateCinderVolumeSource, validateStorageOSVolumeSource
  for (const plugin of ["csi", "cinder", "storageos"]) {
    const reference = volume.at(plugin, plugin === "csi" ? "nodePublishSecretRef" : "secretRef");
    if (isSet(reference)) yield* requiredText(reference.at("name"));
  }
  for (const key of ["volumeName", "volumeNamespace"]) yield* formRefusals(volume.at("storageos", key), isDns1123Label);
  // validateStorageOSVolumeSource, validateScaleIOVolumeSource
  for (const plugin of ["storageos", "scaleIO"])
    if (isSet(volume.at(plugin))) yield* requiredText(volume.at(plugin, "volumeName"));
  yield* flockerRefusals(volume.at("flocker"));
  yield* quobyteRefusals(volume.at("quobyte"));
  // validateGitRepoVolumeSource
  yield* pathRefusals(volume.at("gitRepo", "directory"), localDescending);
}

/** validateFlockerVolumeSource */
function* flockerRefusals(flocker: Place): Iterable<Refusal> {
  if (!isSet(flocker)) return;
  const [name, id] = [flocker.at("datasetName"), flocker.at("datasetUUID")];
  if (textAt(name) === "" && textAt(id) === "") yield missing(name, "set it or `datasetUUID`");
  if (textAt(name) && textAt(id)) yield conflict(id, "cannot be used with `datasetName`", "FieldValueInvalid");
  yield* pathRefusals(flocker.at("datasetName"), (name) => (name.includes("/") ? "must not contain `/`" : undefined));
}

/** validateQuobyteVolumeSource: a tenant that is too long hides what the registry is. */
function* quobyteRefusals(quobyte: Place): Iterable<Refusal> {
  if ((textAt(quobyte.at("tenant")) ?? "").length > 64)
    yield invalid("value", quobyte.at("tenant"), "must have at most 64 characters");
  else yield* pathRefusals(quobyte.at("registry"), isHostsWithPorts);
}

/** `host:port` pairs with commas between, as net.SplitHostPort takes them apart. */
function isHostsWithPorts(text: string): string | undefined {
  const valid = text.split(",").every((pair) => /^(?:\[[^[\]]*\]|[^:[\]]*):[^:[\]]*$/.test(pair));
  return valid ? undefined : "must be `host:port`, or several of them separated by commas";
}

/** Shared where it is left out. */
function isKind(kind: string | undefined): boolean {
  return kind !== undefined && ["", "Shared", "Dedicated", "Managed"].includes(kind);
}

/** ValidateCSIDriverName */
function isCsiDriver(name: string): string | undefined {
  return name.length > 63 ? "must have at most 63 characters" : isDns1123Subdomain(name.toLowerCase());
}

/** The greatest file mode, 0777. */
const fileMode = 0o777;

/** A mode beyond the greatest one is octal digits without the zero before them: `755` for `0755`. */
function* modeRefusals(place: Place, most: number): Iterable<Refusal> {
  const { source = "" } = place;
  const meant = /^[0-7]{3,4}$/.test(source) ? Number.parseInt(source, 8) : Infinity;
  for (const found of rangeRefusals(place, 0, most))
    yield meant <= most ? mendedBy(found, { op: "set", value: meant }) : found;
}

function* limitRefusals(place: Place): Iterable<Refusal> {
  const value = place.value();
  const limit = typeof value === "string" || typeof value === "number" ? parseQuantity(value) : undefined;
  if (limit !== undefined && limit.nanos < 0n) yield invalid("range", place, "must be 0 or more");
}

/** validateKeyToPath */
function* keyToPathRefusals(item: Place): Iterable<Refusal> {
  yield* pathRefusals(item.at("path"), localNonReserved);
  yield* modeRefusals(item.at("mode"), fileMode);
  yield* rangeRefusals(item.at("user"), 0, maxId);
}

/** validateDownwardAPIVolumeFile */
function* downwardFileRefusals(file: Place): Iterable<Refusal> {
  yield* pathRefusals(file.at("path"), localNonReserved);
  yield* modeRefusals(file.at("mode"), fileMode);
  yield* rangeRefusals(file.at("user"), 0, maxId);
  const kinds = ["fieldRef", "resourceFieldRef"];
  yield* oneOfRefusals(file, kinds, "A file of the downward API");
  yield* exclusiveRefusals(file, kinds, "A file of the downward API", "FieldValueInvalid");
  yield* fieldRefRefusals(file.at("fieldRef"), "volume");
  yield* resourceRefRefusals(file.at("resourceFieldRef"), "volume");
}

const projections = [
  "secret",
  "configMap",
  "downwardAPI",
  "serviceAccountToken",
  "clusterTrustBundle",
  "podCertificate",
] as const;

/** validateProjectionSources */
function* projectedRefusals(projected: Place, cluster: TargetCluster): Iterable<Refusal> {
  yield* modeRefusals(projected.at("defaultMode"), fileMode);
  yield* rangeRefusals(projected.at("defaultUser"), 0, maxId);
  const paths = new Set<string>();
  for (const source of projected.at("sources").items()) {
    yield* exclusiveRefusals(
      source,
      projections.filter((kind) => !isDropped("VolumeProjection", kind, cluster)),
      "A source of a projected volume",
    );
    for (const kind of ["secret", "configMap"]) {
      const items = source.at(kind, "items").items();
      for (const item of items) yield* keyToPathRefusals(item);
      yield* duplicateRefusals(
        items.map((item) => item.at("path")),
        paths,
      );
    }
    const files = source.at("downwardAPI", "items").items();
    for (const file of files) yield* downwardFileRefusals(file);
    yield* duplicateRefusals(
      files.map((file) => file.at("path")),
      paths,
    );
    const token = source.at("serviceAccountToken");
    yield* rangeRefusals(token.at("expirationSeconds"), 600, 2 ** 32);
    yield* pathRefusals(token.at("path"), localNonReserved);
    for (const kind of ["serviceAccountToken", "clusterTrustBundle", "podCertificate"])
      yield* rangeRefusals(source.at(kind, "user"), 0, maxId);
    const bundle = source.at("clusterTrustBundle");
    if (isSet(bundle)) {
      yield* oneOfRefusals(bundle, ["name", "signerName"], "A trust bundle");
      yield* exclusiveRefusals(bundle, ["name", "signerName"], "A trust bundle", "FieldValueInvalid");
      yield* pathRefusals(bundle.at("path"), localNonReserved);
      yield* selectorRefusals(bundle.at("labelSelector"));
    }
  }
}

/** validateEphemeralVolumeSource, ValidatePersistentVolumeClaimTemplate */
function* ephemeralRefusals(ephemeral: Place): Iterable<Refusal> {
  if (!isSet(ephemeral)) return;
  const template = ephemeral.at("volumeClaimTemplate");
  if (isUnset(template)) {
    yield missing(template);
    return;
  }
  for (const [key, value] of template.at("metadata").entries()) {
    // ValidateTemplateObjectMeta: what says no more than nothing does not count.
    const isZero = value.value() === "" || value.value() === 0;
    if (key !== "labels" && key !== "annotations" && isSet(value) && !isZero)
      yield conflict(value, "is not allowed for an ephemeral volume: its PVC is named after the pod");
  }
  yield* labelsRefusals(template.at("metadata", "labels"));
  yield* annotationsRefusals(template.at("metadata", "annotations"));
  yield* claimSpecRefusals(template.at("spec"));
  const requests = template.at("spec", "resources", "requests");
  if (isEmpty(requests) || (isSet(requests) && !requests.isOpen && !requests.at("storage").exists))
    yield missing(requests.at("storage"));
}

/** validateFCVolumeSource */
function* fibreChannelRefusals(fc: Place): Iterable<Refusal> {
  if (!isSet(fc)) return;
  const names = fc.at("targetWWNs");
  const ids = fc.at("wwids");
  if (isEmpty(names) && isEmpty(ids)) yield missing(names, "set it or `wwids`");
  if (names.items().length > 0 && ids.items().length > 0)
    yield conflict(names, "only one of targetWWNs and wwids may be given", "FieldValueInvalid");
  if (names.items().length > 0 && isUnset(fc.at("lun"))) yield missing(fc.at("lun"), "`targetWWNs` requires it");
  yield* rangeRefusals(fc.at("lun"), 0, 255);
}

/** `iqn.`, `eui.` or `naa.` names: iscsiInitiatorIqnRegex and its siblings. */
function isInitiator(text: string): string | undefined {
  const valid = /^(?:iqn\.\d{4}-\d{2}\.[A-Za-z0-9.-]+:[^,;*&$|\s]+|eui.[A-Za-z0-9]{16}|naa.[A-Za-z0-9]{32})$/.test(
    text,
  );
  return valid ? undefined : "must be a name that begins with `iqn.`, `eui.` or `naa.`";
}

// Written by `npm run generate` from the files of this folder.
import type { Rule } from "../lint/rule.js";
import activeDeadlineForbidden from "./active-deadline-forbidden.js";
import antiaffinityMissing from "./antiaffinity-missing.js";
import antiaffinitySelectorMismatch from "./antiaffinity-selector-mismatch.js";
import apiDeprecated from "./api-deprecated.js";
import clusterPolicy from "./cluster-policy.js";
import deadVolumePlugin from "./dead-volume-plugin.js";
import deploymentSharesClaim from "./deployment-shares-claim.js";
import deprecatedTopologyKey from "./deprecated-topology-key.js";
import drainHangs from "./drain-hangs.js";
import duplicateEnv from "./duplicate-env.js";
import duplicateObject from "./duplicate-object.js";
import duplicatePort from "./duplicate-port.js";
import duplicateValue from "./duplicate-value.js";
import fieldGated from "./field-gated.js";
import fieldRemoved from "./field-removed.js";
import fieldSince from "./field-since.js";
import fieldsConflict from "./fields-conflict.js";
import forcedRollbackTrap from "./forced-rollback-trap.js";
import fractionalBytes from "./fractional-bytes.js";
import fsgroupChangePolicy from "./fsgroup-change-policy.js";
import gracePeriodZero from "./grace-period-zero.js";
import hostnameSubdomainIgnored from "./hostname-subdomain-ignored.js";
import hpaTargetMissing from "./hpa-target-missing.js";
import imageChangeUnprobed from "./image-change-unprobed.js";
import immutableFieldChanged from "./immutable-field-changed.js";
import kindMisspelt from "./kind-misspelt.js";
import labelInvalid from "./label-invalid.js";
import livenessEqualsReadiness from "./liveness-equals-readiness.js";
import maxUnavailableAll from "./max-unavailable-all.js";
import maxUnavailableGated from "./max-unavailable-gated.js";
import maxUnavailableInvalid from "./max-unavailable-invalid.js";
import maxUnavailableOrderedReady from "./max-unavailable-ordered-ready.js";
import minReadySecondsNegative from "./min-ready-seconds-negative.js";
import mountUnknownVolume from "./mount-unknown-volume.js";
import nameInvalid from "./name-invalid.js";
import nameNotDnsLabel from "./name-not-dns-label.js";
import nameTooLong from "./name-too-long.js";
import notExactlyOne from "./not-exactly-one.js";
import nullLabelselector from "./null-labelselector.js";
import orderedReadyDeadlock from "./ordered-ready-deadlock.js";
import ordinalsRenumbered from "./ordinals-renumbered.js";
import partitionActive from "./partition-active.js";
import partitionBlocksRollout from "./partition-blocks-rollout.js";
import partitionStartOrdinal from "./partition-start-ordinal.js";
import pdbBlocksDrain from "./pdb-blocks-drain.js";
import pdbLooserThanQuorum from "./pdb-looser-than-quorum.js";
import pdbMatchesNothing from "./pdb-matches-nothing.js";
import pdbMissing from "./pdb-missing.js";
import pdbMultiple from "./pdb-multiple.js";
import pdbOtherNamespace from "./pdb-other-namespace.js";
import peerDnsInvalid from "./peer-dns-invalid.js";
import peerDnsNotPublished from "./peer-dns-not-published.js";
import podRefused from "./pod-refused.js";
import probePortUnknown from "./probe-port-unknown.js";
import pvcNameCollision from "./pvc-name-collision.js";
import quantityInvalid from "./quantity-invalid.js";
import readOnlyField from "./read-only-field.js";
import readinessMissing from "./readiness-missing.js";
import recreateGated from "./recreate-gated.js";
import replicasRemoved from "./replicas-removed.js";
import replicasWithHpa from "./replicas-with-hpa.js";
import resourcesInvalid from "./resources-invalid.js";
import restartPolicy from "./restart-policy.js";
import retentionChangedToDelete from "./retention-changed-to-delete.js";
import retentionDeleteOnDelete from "./retention-delete-on-delete.js";
import retentionDeleteWithAutoscaler from "./retention-delete-with-autoscaler.js";
import retentionInvalidValue from "./retention-invalid-value.js";
import retentionNoTemplates from "./retention-no-templates.js";
import retentionPartial from "./retention-partial.js";
import retentionUnaffectedVolume from "./retention-unaffected-volume.js";
import retentionUnset from "./retention-unset.js";
import retentionVersion from "./retention-version.js";
import revisionHistoryLimitNegative from "./revision-history-limit-negative.js";
import revisionHistoryLimitZero from "./revision-history-limit-zero.js";
import rollingConfigWithOndelete from "./rolling-config-with-ondelete.js";
import rollingUpdateKept from "./rolling-update-kept.js";
import rolloutDuration from "./rollout-duration.js";
import scaleDownDeletesClaims from "./scale-down-deletes-claims.js";
import schemaEnum from "./schema-enum.js";
import schemaRequired from "./schema-required.js";
import schemaType from "./schema-type.js";
import schemaUnknownField from "./schema-unknown-field.js";
import selectorEmpty from "./selector-empty.js";
import selectorLabelsMismatch from "./selector-labels-mismatch.js";
import selectorMissing from "./selector-missing.js";
import selectorOverlap from "./selector-overlap.js";
import selectorVolatileLabel from "./selector-volatile-label.js";
import serverWarning from "./server-warning.js";
import serviceMissing from "./service-missing.js";
import serviceNameInvalid from "./service-name-invalid.js";
import serviceNameType from "./service-name-type.js";
import serviceNameUnset from "./service-name-unset.js";
import serviceNotHeadless from "./service-not-headless.js";
import serviceOtherNamespace from "./service-other-namespace.js";
import servicePodMissing from "./service-pod-missing.js";
import servicePortsMismatch from "./service-ports-mismatch.js";
import serviceSelectorMismatch from "./service-selector-mismatch.js";
import serviceSelectsOtherWorkloads from "./service-selects-other-workloads.js";
import sharedClaimRwo from "./shared-claim-rwo.js";
import spreadSelectorMismatch from "./spread-selector-mismatch.js";
import stateOnEmptydir from "./state-on-emptydir.js";
import valueInvalid from "./value-invalid.js";
import valueOutOfRange from "./value-out-of-range.js";
import vctAccessMode from "./vct-access-mode.js";
import vctDuplicateName from "./vct-duplicate-name.js";
import vctMissingTypemeta from "./vct-missing-typemeta.js";
import vctNotMounted from "./vct-not-mounted.js";
import vctShadowsVolume from "./vct-shadows-volume.js";
import vctStorageMissing from "./vct-storage-missing.js";
import vctStorageclassMissing from "./vct-storageclass-missing.js";
import vctVolatileLabel from "./vct-volatile-label.js";

/** Every rule about resources, by id. */
export const rules: readonly Rule[] = [
  activeDeadlineForbidden,
  antiaffinityMissing,
  antiaffinitySelectorMismatch,
  apiDeprecated,
  clusterPolicy,
  deadVolumePlugin,
  deploymentSharesClaim,
  deprecatedTopologyKey,
  drainHangs,
  duplicateEnv,
  duplicateObject,
  duplicatePort,
  duplicateValue,
  fieldGated,
  fieldRemoved,
  fieldSince,
  fieldsConflict,
  forcedRollbackTrap,
  fractionalBytes,
  fsgroupChangePolicy,
  gracePeriodZero,
  hostnameSubdomainIgnored,
  hpaTargetMissing,
  imageChangeUnprobed,
  immutableFieldChanged,
  kindMisspelt,
  labelInvalid,
  livenessEqualsReadiness,
  maxUnavailableAll,
  maxUnavailableGated,
  maxUnavailableInvalid,
  maxUnavailableOrderedReady,
  minReadySecondsNegative,
  mountUnknownVolume,
  nameInvalid,
  nameNotDnsLabel,
  nameTooLong,
  notExactlyOne,
  nullLabelselector,
  orderedReadyDeadlock,
  ordinalsRenumbered,
  partitionActive,
  partitionBlocksRollout,
  partitionStartOrdinal,
  pdbBlocksDrain,
  pdbLooserThanQuorum,
  pdbMatchesNothing,
  pdbMissing,
  pdbMultiple,
  pdbOtherNamespace,
  peerDnsInvalid,
  peerDnsNotPublished,
  podRefused,
  probePortUnknown,
  pvcNameCollision,
  quantityInvalid,
  readOnlyField,
  readinessMissing,
  recreateGated,
  replicasRemoved,
  replicasWithHpa,
  resourcesInvalid,
  restartPolicy,
  retentionChangedToDelete,
  retentionDeleteOnDelete,
  retentionDeleteWithAutoscaler,
  retentionInvalidValue,
  retentionNoTemplates,
  retentionPartial,
  retentionUnaffectedVolume,
  retentionUnset,
  retentionVersion,
  revisionHistoryLimitNegative,
  revisionHistoryLimitZero,
  rollingConfigWithOndelete,
  rollingUpdateKept,
  rolloutDuration,
  scaleDownDeletesClaims,
  schemaEnum,
  schemaRequired,
  schemaType,
  schemaUnknownField,
  selectorEmpty,
  selectorLabelsMismatch,
  selectorMissing,
  selectorOverlap,
  selectorVolatileLabel,
  serverWarning,
  serviceMissing,
  serviceNameInvalid,
  serviceNameType,
  serviceNameUnset,
  serviceNotHeadless,
  serviceOtherNamespace,
  servicePodMissing,
  servicePortsMismatch,
  serviceSelectorMismatch,
  serviceSelectsOtherWorkloads,
  sharedClaimRwo,
  spreadSelectorMismatch,
  stateOnEmptydir,
  valueInvalid,
  valueOutOfRange,
  vctAccessMode,
  vctDuplicateName,
  vctMissingTypemeta,
  vctNotMounted,
  vctShadowsVolume,
  vctStorageMissing,
  vctStorageclassMissing,
  vctVolatileLabel,
];

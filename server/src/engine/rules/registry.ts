// Written by `npm run generate` from the files of this folder.
import type { Rule } from "../lint/rule.js";
import antiaffinityMissing from "./antiaffinity-missing.js";
import antiaffinitySelectorMismatch from "./antiaffinity-selector-mismatch.js";
import apiDeprecated from "./api-deprecated.js";
import deploymentSharesClaim from "./deployment-shares-claim.js";
import forcedRollbackTrap from "./forced-rollback-trap.js";
import fsgroupChangePolicy from "./fsgroup-change-policy.js";
import gracePeriodZero from "./grace-period-zero.js";
import hostnameSubdomainIgnored from "./hostname-subdomain-ignored.js";
import hpaTargetMissing from "./hpa-target-missing.js";
import livenessEqualsReadiness from "./liveness-equals-readiness.js";
import maxUnavailableAll from "./max-unavailable-all.js";
import maxUnavailableGated from "./max-unavailable-gated.js";
import maxUnavailableOrderedReady from "./max-unavailable-ordered-ready.js";
import nameTooLong from "./name-too-long.js";
import partitionActive from "./partition-active.js";
import partitionBlocksRollout from "./partition-blocks-rollout.js";
import partitionStartOrdinal from "./partition-start-ordinal.js";
import pdbBlocksDrain from "./pdb-blocks-drain.js";
import pdbMatchesNothing from "./pdb-matches-nothing.js";
import pdbMissing from "./pdb-missing.js";
import pdbMultiple from "./pdb-multiple.js";
import pdbOtherNamespace from "./pdb-other-namespace.js";
import peerDnsInvalid from "./peer-dns-invalid.js";
import peerDnsNotPublished from "./peer-dns-not-published.js";
import probePortUnknown from "./probe-port-unknown.js";
import pvcNameCollision from "./pvc-name-collision.js";
import readOnlyField from "./read-only-field.js";
import readinessMissing from "./readiness-missing.js";
import replicasWithHpa from "./replicas-with-hpa.js";
import retentionDeleteOnDelete from "./retention-delete-on-delete.js";
import retentionDeleteWithAutoscaler from "./retention-delete-with-autoscaler.js";
import retentionInvalidValue from "./retention-invalid-value.js";
import retentionNoTemplates from "./retention-no-templates.js";
import retentionPartial from "./retention-partial.js";
import retentionUnaffectedVolume from "./retention-unaffected-volume.js";
import retentionUnset from "./retention-unset.js";
import revisionHistoryLimitZero from "./revision-history-limit-zero.js";
import selectorLabelsMismatch from "./selector-labels-mismatch.js";
import selectorOverlap from "./selector-overlap.js";
import selectorVolatileLabel from "./selector-volatile-label.js";
import serviceMissing from "./service-missing.js";
import serviceNameType from "./service-name-type.js";
import serviceNameUnset from "./service-name-unset.js";
import serviceNotHeadless from "./service-not-headless.js";
import serviceOtherNamespace from "./service-other-namespace.js";
import servicePortsMismatch from "./service-ports-mismatch.js";
import serviceSelectorMismatch from "./service-selector-mismatch.js";
import serviceSelectsOtherWorkloads from "./service-selects-other-workloads.js";
import sharedClaimRwo from "./shared-claim-rwo.js";
import spreadSelectorMismatch from "./spread-selector-mismatch.js";
import stateOnEmptydir from "./state-on-emptydir.js";
import vctAccessMode from "./vct-access-mode.js";
import vctMissingTypemeta from "./vct-missing-typemeta.js";
import vctNotMounted from "./vct-not-mounted.js";
import vctShadowsVolume from "./vct-shadows-volume.js";
import vctStorageclassMissing from "./vct-storageclass-missing.js";
import vctVolatileLabel from "./vct-volatile-label.js";

/** Every rule about resources, by id. */
export const rules: readonly Rule[] = [
  antiaffinityMissing,
  antiaffinitySelectorMismatch,
  apiDeprecated,
  deploymentSharesClaim,
  forcedRollbackTrap,
  fsgroupChangePolicy,
  gracePeriodZero,
  hostnameSubdomainIgnored,
  hpaTargetMissing,
  livenessEqualsReadiness,
  maxUnavailableAll,
  maxUnavailableGated,
  maxUnavailableOrderedReady,
  nameTooLong,
  partitionActive,
  partitionBlocksRollout,
  partitionStartOrdinal,
  pdbBlocksDrain,
  pdbMatchesNothing,
  pdbMissing,
  pdbMultiple,
  pdbOtherNamespace,
  peerDnsInvalid,
  peerDnsNotPublished,
  probePortUnknown,
  pvcNameCollision,
  readOnlyField,
  readinessMissing,
  replicasWithHpa,
  retentionDeleteOnDelete,
  retentionDeleteWithAutoscaler,
  retentionInvalidValue,
  retentionNoTemplates,
  retentionPartial,
  retentionUnaffectedVolume,
  retentionUnset,
  revisionHistoryLimitZero,
  selectorLabelsMismatch,
  selectorOverlap,
  selectorVolatileLabel,
  serviceMissing,
  serviceNameType,
  serviceNameUnset,
  serviceNotHeadless,
  serviceOtherNamespace,
  servicePortsMismatch,
  serviceSelectorMismatch,
  serviceSelectsOtherWorkloads,
  sharedClaimRwo,
  spreadSelectorMismatch,
  stateOnEmptydir,
  vctAccessMode,
  vctMissingTypemeta,
  vctNotMounted,
  vctShadowsVolume,
  vctStorageclassMissing,
  vctVolatileLabel,
];

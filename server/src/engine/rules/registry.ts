// Written by `npm run generate` from the files of this folder.
import type { Rule } from "../lint/rule.js";
import retentionDeleteOnDelete from "./retention-delete-on-delete.js";
import retentionInvalidValue from "./retention-invalid-value.js";
import retentionNoTemplates from "./retention-no-templates.js";
import selectorLabelsMismatch from "./selector-labels-mismatch.js";
import serviceMissing from "./service-missing.js";
import serviceNameUnset from "./service-name-unset.js";
import serviceNotHeadless from "./service-not-headless.js";
import serviceSelectorMismatch from "./service-selector-mismatch.js";

/** Every rule about resources, by id. */
export const rules: readonly Rule[] = [
  retentionDeleteOnDelete,
  retentionInvalidValue,
  retentionNoTemplates,
  selectorLabelsMismatch,
  serviceMissing,
  serviceNameUnset,
  serviceNotHeadless,
  serviceSelectorMismatch,
];

import { type PreviewSource, type FormerFile, isPreviewSource } from "./preview-source.js";
import type { GateOverrides, Release } from "../../../server/src/engine/kubernetes/versions.js";
import { areFieldEdits, type FieldEdit } from "../../../server/src/engine/rollout/field-edit.js";
import { areSimulatedFields } from "../../../server/src/engine/rollout/fields.js";
import type {
  ContainerTiming,
  ProbeTiming,
  TimingHints,
  WrittenSpec,
} from "../../../server/src/engine/rollout/spec.js";
import { isMapping } from "../../../server/src/engine/yaml/plain.js";
import type { Choices } from "./choices.js";
import { isNumber, isGateOverrides, isRelease, isString, isTexts, optional } from "./guards.js";
import { isChoices } from "./is-choices.js";

/*
 * What the extension host and the preview page say to each other: two unions. Each side checks what it receives with
 * the guard below before it looks at it.
 */

export type ToPage =
  | {
      readonly type: "show";
      readonly source: PreviewSource;
      /** The release the user's settings name. */
      readonly release: Release;
      /** The feature gates that they switch. */
      readonly featureGates: GateOverrides;
      /** What the manifest says at this moment. */
      readonly now: WrittenSpec;
      /** What its file said when the panel was opened, and when it was last saved. */
      readonly opened: WrittenSpec;
      readonly saved: WrittenSpec;
      /** `undefined` until the user has chosen another file. */
      readonly former: FormerFile | undefined;
    }
  /** The user has just chosen another file to compare with: the one in the last `show`. */
  | { readonly type: "formerChosen" }
  /** The manifest cannot be read at this moment: what was shown last stays, marked as old. */
  | { readonly type: "stale"; readonly reason: string }
  /** The field of the StatefulSet that the editor's cursor is on, such as `spec.replicas`. */
  | { readonly type: "cursor"; readonly field: string | undefined }
  /** What the user had chosen when a panel of this StatefulSet was last open. Comes when the page starts. */
  | { readonly type: "choices"; readonly choices: Choices };

export type ToHost =
  | { readonly type: "ready" }
  /** Ask the user for another file to compare with. */
  | { readonly type: "chooseFormer" }
  /** Remember what the user has chosen for the next panel of this StatefulSet. */
  | { readonly type: "choices"; readonly choices: Choices }
  /** Open the manifest at a field, such as `spec.replicas`. */
  | { readonly type: "reveal"; readonly field: string }
  /** Write what is supposed to the manifest, as an edit that the user can undo. */
  | { readonly type: "write"; readonly edits: readonly FieldEdit[] }
  | { readonly type: "copy"; readonly text: string }
  /** Ask the user where to save a picture; `content` is Base64. */
  | { readonly type: "save"; readonly format: "svg" | "png"; readonly content: string };

/** What the page keeps for the day it is restored. */
export interface PageMemory {
  readonly source: PreviewSource;
  readonly opened: WrittenSpec;
}

export function isToPage(value: unknown): value is ToPage {
  if (!isMapping(value)) return false;
  switch (value["type"]) {
    case "show":
      return (
        isPreviewSource(value["source"]) &&
        isRelease(value["release"]) &&
        isGateOverrides(value["featureGates"]) &&
        isWrittenSpec(value["now"]) &&
        isWrittenSpec(value["opened"]) &&
        isWrittenSpec(value["saved"]) &&
        optional(value["former"], isFormerFile)
      );
    case "formerChosen":
      return true;
    case "stale":
      return isString(value["reason"]);
    case "cursor":
      return optional(value["field"], isString);
    case "choices":
      return isChoices(value["choices"]);
    default:
      return false;
  }
}

export function isToHost(value: unknown): value is ToHost {
  if (!isMapping(value)) return false;
  switch (value["type"]) {
    case "ready":
    case "chooseFormer":
      return true;
    case "choices":
      return isChoices(value["choices"]);
    case "reveal":
      return isString(value["field"]) && /^[A-Za-z][A-Za-z0-9.]*$/.test(value["field"]);
    case "write":
      return areFieldEdits(value["edits"]);
    case "copy":
      return isString(value["text"]);
    case "save":
      return (
        (value["format"] === "svg" || value["format"] === "png") &&
        isString(value["content"]) &&
        /^[A-Za-z0-9+/]*={0,2}$/.test(value["content"])
      );
    default:
      return false;
  }
}

function isFormerFile(value: unknown): value is FormerFile {
  return (
    isMapping(value) &&
    isString(value["label"]) &&
    optional(value["written"], isWrittenSpec) &&
    optional(value["problem"], isString)
  );
}

export function isPageMemory(value: unknown): value is PageMemory {
  return isMapping(value) && isPreviewSource(value["source"]) && isWrittenSpec(value["opened"]);
}

function isWrittenSpec(value: unknown): value is WrittenSpec {
  return (
    isMapping(value) &&
    optional(value["apiVersion"], isString) &&
    isString(value["name"]) &&
    isString(value["revision"]) &&
    optional(value["namespace"], isString) &&
    optional(value["claims"], (claims) => Array.isArray(claims) && claims.every(isString)) &&
    optional(value["immutableFields"], isTexts) &&
    optional(value["timing"], isTiming) &&
    areSimulatedFields(value)
  );
}

function isTiming(value: unknown): value is TimingHints {
  return (
    isMapping(value) &&
    optional(value["containers"], (containers) => Array.isArray(containers) && containers.every(isContainer)) &&
    optional(value["initContainers"], isNumber) &&
    optional(value["preStopSleepSeconds"], isNumber) &&
    optional(value["terminationGracePeriodSeconds"], isNumber)
  );
}

function isContainer(value: unknown): value is ContainerTiming {
  return isMapping(value) && optional(value["readinessProbe"], isProbe) && optional(value["startupProbe"], isProbe);
}

function isProbe(value: unknown): value is ProbeTiming {
  return (
    isMapping(value) &&
    optional(value["initialDelaySeconds"], isNumber) &&
    optional(value["periodSeconds"], isNumber) &&
    optional(value["successThreshold"], isNumber)
  );
}

import { areChoices } from "../../../server/src/engine/rollout/fields.js";
import { isMapping } from "../../../server/src/engine/yaml/plain.js";
import type { Choices, Play } from "./choices.js";
import { isCount, isNumber, isRelease } from "./guards.js";
import type { SupposedFault, WhatIf } from "./what-if.js";

/** Whether something that was remembered are choices: an older version may have written it. */
export function isChoices(value: unknown): value is Choices {
  return (
    isMapping(value) &&
    undefinedOr(value["play"], isPlay) &&
    ["opened", "saved", "former"].some((former) => former === value["compareWith"]) &&
    isWhatIf(value["whatIf"]) &&
    undefinedOr(value["speed"], isNumber) &&
    isNumber(value["zoom"])
  );
}

function isPlay(value: unknown): value is Play {
  if (!isMapping(value)) return false;
  switch (value["type"]) {
    case "create":
    case "edit":
    case "changeImage":
    case "restart":
      return true;
    case "scale":
      return isCount(value["replicas"]);
    case "rollBack":
      return undefinedOr(value["after"], isNumber);
    case "delete":
      return ["Background", "Foreground", "Orphan"].some((propagation) => propagation === value["propagation"]);
    case "deletePod":
    case "loseNode":
      return isCount(value["ordinal"]);
    default:
      return false;
  }
}

function isWhatIf(value: unknown): value is WhatIf {
  return (
    isMapping(value) &&
    areChoices(value) &&
    undefinedOr(value["release"], isRelease) &&
    ["secondsToReady", "secondsToStart", "secondsToStop", "secondsToDetach"].every((key) =>
      undefinedOr(value[key], isNumber),
    ) &&
    Array.isArray(value["faults"]) &&
    value["faults"].every(isFault)
  );
}

function isFault(value: unknown): value is SupposedFault {
  if (!isMapping(value) || !isCount(value["ordinal"]) || !isMapping(value["effect"])) return false;
  const { type, secondsToReady } = value["effect"];
  switch (type) {
    case "neverReady":
    case "crashLoop":
    case "unschedulable":
    case "failsOnce":
      return true;
    case "slow":
      return isNumber(secondsToReady);
    default:
      return false;
  }
}

/** In JSON, what is undefined is left out. */
function undefinedOr(value: unknown, isRight: (value: unknown) => boolean): boolean {
  return value === undefined || isRight(value);
}

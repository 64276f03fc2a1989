import type { Field } from "../yaml/field.js";
import type { Place } from "../yaml/place.js";
import type { Labels } from "./selectors.js";

/** `spec.template`: what each pod is made from. */
export interface PodTemplate {
  readonly place: Place;
  readonly labels: Field<Labels>;
  readonly containers: Place;
}

export function readPodTemplate(place: Place): PodTemplate {
  return {
    place,
    labels: place.at("metadata", "labels").stringMap(),
    containers: place.at("spec", "containers"),
  };
}

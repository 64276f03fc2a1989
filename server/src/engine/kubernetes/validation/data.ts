import type { Place } from "../../yaml/place.js";
import { holdsPlaceholder } from "../../yaml/placeholder.js";
import { isConfigMapKey, repairedName } from "../names.js";
import { invalid, mendedBy, type Refusal } from "../refusal.js";
import { namedRefusals, utf8Length } from "./metadata.js";
import { isSet, textAt } from "./read.js";
import { inCode } from "../../text/code.js";

/** What ValidateConfigMap and ValidateSecret share. */
export function* dataRefusals(place: Place): Iterable<Refusal> {
  yield* namedRefusals(place);
  for (const key of ["data", "binaryData", "stringData"]) {
    for (const [name, value] of place.at(key).entries()) {
      if (key === "binaryData" && isSet(place.at("data", name))) {
        yield {
          ...invalid("duplicate", value, ""),
          type: "FieldValueInvalid",
          data: { what: inCode(name), must: "must not also be in `data`" },
          at: value.key,
        };
      }
      const must = holdsPlaceholder([], name) ? undefined : isConfigMapKey(name);
      if (must === undefined) continue;
      const found = { ...invalid("name", value, ""), message: "key", data: { key: name, must }, at: value.key };
      const meant = repairedName(name, isConfigMapKey);
      yield meant === undefined ? found : mendedBy(found, { op: "rename", to: meant });
    }
  }
  if (dataBytes(place) > maxDataBytes)
    yield {
      ...invalid("value", place.at("data"), ""),
      type: "FieldValueTooLong",
      data: { what: "`data`", must: tooLarge },
    };
}

/** MaxSecretSize, for ConfigMaps too. */
const maxDataBytes = 1024 * 1024;
const tooLarge = `must not have more than ${maxDataBytes} bytes`;

/** The bytes of all values; base64 has four characters for three of them. */
function dataBytes(place: Place): number {
  const bytesOf = (key: string, size: (text: string) => number) =>
    place
      .at(key)
      .entries()
      .reduce((sum, [, value]) => sum + size(textAt(value) ?? ""), 0);
  const encoded = (text: string) => Math.floor((text.replace(/[\s=]/g, "").length * 3) / 4);
  const isSecret = textAt(place.at("kind")) === "Secret";
  return (
    bytesOf("data", isSecret ? encoded : utf8Length) +
    bytesOf("binaryData", encoded) +
    bytesOf("stringData", utf8Length)
  );
}

/** What the data of a ConfigMap or Secret are kept under. */
export function dataKeys(place: Place): readonly string[] {
  const names = ["data", "stringData", "binaryData"].flatMap((map) => place.at(map).entries());
  return [...new Set(names.map(([name]) => name))];
}

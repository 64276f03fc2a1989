import { withValue } from "./composed-resource.js";
import { regularExpression } from "./regular-expression.js";
import { changeFields, specifies, type FieldSpec } from "./field-specs.js";
import type { Step } from "./step.js";
import { madeText, stringAt, unknown, type Value } from "./value.js";

/** What `images` says of one image: api/types/image.go. What is not given is empty. */
export interface Image {
  readonly name: string;
  readonly newName: string;
  readonly newTag: string;
  readonly tagSuffix: string;
  readonly digest: string;
}

/**
 * ImageTagTransformer of kustomize 5.6: the images of all containers, and then of the fields that it is configured with. So what
 * is both gets a suffix twice.
 */
export function imageStep(image: Image, specs: readonly FieldSpec[]): Step {
  const pattern = patternOf(image.name);
  const change = (found: Value): Value => {
    // A name in capitals is no placeholder of another tool's where this one fills it in.
    const text = found.type === "written" ? found.place.value() : stringAt(found, []);
    if (typeof text !== "string") return found;
    if (pattern === undefined) return unknown(found);
    const changed = pattern(text) ? changedImage(text, image) : text;
    return changed === text ? found : madeText(changed, found);
  };
  return (resource) => {
    const told = specs.filter((spec) => specifies(spec, resource.id)).map(({ path }) => path);
    const value = [...containerImages, ...told].reduce(
      (changed, path) => changeFields(changed, path, undefined, change),
      resource.value,
    );
    return withValue(resource, value);
  };
}

/** Of the kinds that rules look into; see api/filters/imagetag/legacy.go. */
const containerImages = ["containers", "initContainers"].map((list) => ["spec", "template", "spec", list, "image"]);

/** `IsImageMatched` in api/internal/image/image.go, where the name is a regular expression. */
function patternOf(name: string): ((text: string) => boolean) | undefined {
  return regularExpression(`^${name}(:[a-zA-Z0-9_.{}-]*)?(@sha256:[a-zA-Z0-9_.{}-]*)?$`);
}

function changedImage(text: string, { newName, newTag, tagSuffix, digest }: Image): string {
  // The first colon or `@` behind the first slash ends the name: what is before it may be a host with its port.
  const slash = Math.max(text.indexOf("/"), 0);
  const [, name = "", tag = "", hash = ""] = /^([^:@]*)(?::([^@]*))?(?:@(.*))?$/s.exec(text.slice(slash)) ?? [];
  const known = {
    name: newName === "" ? text.slice(0, slash) + name : newName,
    tag: newTag !== "" ? newTag : digest !== "" ? "" : tagSuffix === "" ? tag : tag + tagSuffix,
    digest: digest !== "" ? digest : newTag === "" && tagSuffix === "" ? hash : "",
  };
  return `${known.name}${known.tag === "" ? "" : `:${known.tag}`}${known.digest === "" ? "" : `@${known.digest}`}`;
}

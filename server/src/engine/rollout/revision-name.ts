import { canonicalJson } from "../kubernetes/canonical-json.js";
import { utf8 } from "../text/utf8.js";

/*
 * The name of the ControllerRevision of a template: newRevision and getPatch in
 * pkg/controller/statefulset/stateful_set_utils.go and HashControllerRevision in pkg/controller/history, Kubernetes 1.36.
 */

/**
 * `web-784859d7d7`. `template` is the pod template as the API server stores it, plain JSON; `collisions` is the set's
 * `status.collisionCount`.
 */
export function revisionName(set: string, template: unknown, collisions = 0): string {
  const withPatch = typeof template === "object" && template !== null ? { ...template, $patch: "replace" } : template;
  const data = goJson({ spec: { template: withPatch } });
  // The set's name is cut so that the whole stays a DNS subdomain (ControllerRevisionName).
  return `${set.slice(0, 223)}-${safeEncoded(String(fnv1(`${data}${collisions}`)))}`;
}

/** encoding/json of a map: keys sorted, and what HTML reads otherwise escaped. */
function goJson(value: unknown): string {
  return canonicalJson(value).replace(
    /[<>&\u2028\u2029]/g,
    (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

/** FNV-1, 32 bits, of the text's UTF-8. */
function fnv1(text: string): number {
  let hash = 0x811c9dc5;
  for (const byte of utf8(text)) hash = Math.imul(hash, 0x01000193) ^ byte;
  return hash >>> 0;
}

/** SafeEncodeString in k8s.io/apimachinery pkg/util/rand: no vowels, so that no word comes of it. */
function safeEncoded(text: string): string {
  const letters = "bcdfghjklmnpqrstvwxz2456789";
  return Array.from(text, (one) => letters.charAt(one.charCodeAt(0) % letters.length)).join("");
}

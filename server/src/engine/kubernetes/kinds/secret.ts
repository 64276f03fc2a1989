import { bytesOfBase64, isBase64 } from "../base64.js";
import { withoutView, type KindDescriptor, type OtherDigest, type OtherResource } from "../kind.js";
import { invalid, missing, type Refusal } from "../refusal.js";
import { dataKeys, dataRefusals } from "../validation/data.js";
import { textAt } from "../validation/read.js";

const secret: KindDescriptor<OtherResource, OtherDigest> = {
  ...withoutView,
  group: "",
  kind: "Secret",
  digest: ({ place }) => ({ kind: "other", dataKeys: dataKeys(place) }),
  // Without any data it is left for a program to fill in.
  isPartial: ({ place }) => !["data", "stringData"].some((map) => place.at(map).exists),
  refusals,
  references: [],
};
export default secret;

/** ValidateSecret (pkg/apis/core/validation/validation.go, Kubernetes 1.36): each type needs its keys. */
function* refusals({ place }: OtherResource): Iterable<Refusal> {
  yield* dataRefusals(place);
  const type = textAt(place.at("type")) ?? "";
  // What stringData says takes the place of what data says: Convert_v1_Secret_To_core_Secret.
  const valueOf = (key: string) => [place.at("stringData", key), place.at("data", key)].find(({ exists }) => exists);
  for (const key of neededKeys[type] ?? []) {
    const value = valueOf(key);
    // An empty key would be no key; the other types only ask that something is there.
    if (value === undefined || (type === "kubernetes.io/ssh-auth" && textAt(value) === ""))
      yield missing(value ?? place.at("data", key), `\`type: ${type}\` requires it`);
  }
  if (type === "kubernetes.io/basic-auth" && (valueOf("username") ?? valueOf("password")) === undefined)
    yield missing(place.at("data", "username"), `\`type: ${type}\` requires it, or a \`password\``);
  const account = place.at("metadata", "annotations", "kubernetes.io/service-account.name");
  if (type === "kubernetes.io/service-account-token" && textAt(account) === "")
    yield missing(account, `\`type: ${type}\` requires it`);
  for (const key of type.startsWith("kubernetes.io/dockerc") ? (neededKeys[type] ?? []) : []) {
    const value = valueOf(key);
    const text = value === undefined ? undefined : textAt(value);
    if (value === undefined || text === undefined) continue;
    const isClear = value.path[0] === "stringData";
    if (isClear || isBase64(text)) {
      const must = isJsonObject(isClear ? text : bytesOfBase64(text));
      if (must !== undefined)
        yield { ...invalid("value", value, must), data: { field: key, value: "(not shown)", must } };
    }
  }
}

const neededKeys: Readonly<Record<string, readonly string[]>> = {
  "kubernetes.io/dockercfg": [".dockercfg"],
  "kubernetes.io/dockerconfigjson": [".dockerconfigjson"],
  "kubernetes.io/ssh-auth": ["ssh-privatekey"],
  "kubernetes.io/tls": ["tls.crt", "tls.key"],
};

/** As json.Unmarshal reads a map. */
function isJsonObject(text: string): string | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && !Array.isArray(value) ? undefined : "must be a JSON object";
  } catch {
    return "must be JSON";
  }
}

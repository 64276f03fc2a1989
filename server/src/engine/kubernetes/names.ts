/**
 * The forms that names, labels and the like must have. Each function is the one of that name in apimachinery
 * pkg/util/validation/validation.go (Kubernetes 1.36): it says in Kubernetes' words what the text must be, `undefined`
 * where it is.
 */
export type Form = (text: string) => string | undefined;

const labelPattern = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;
const subdomainPattern = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;

/** NameIsDNSLabel of apimachinery pkg/api/validation/generic.go says the same. */
export function isDns1123Label(text: string): string | undefined {
  if (text.length > 63) return tooLong(63);
  if (text.includes(".")) return "must not contain dots";
  if (labelPattern.test(text)) return undefined;
  return "must consist of lower case letters, digits and `-`, and begin and end with a letter or digit";
}

export function isDns1035Label(text: string): string | undefined {
  if (text.length > 63) return tooLong(63);
  if (/^[a-z]([-a-z0-9]*[a-z0-9])?$/.test(text)) return undefined;
  return "must begin with a lower case letter, consist of lower case letters, digits and `-`, and end with a letter or digit";
}

export function isDns1123Subdomain(text: string): string | undefined {
  if (text.length > 253) return tooLong(253);
  if (subdomainPattern.test(text)) return undefined;
  return "must consist of lower case letters, digits, `-` and `.`, and begin and end with a letter or digit";
}

/** A label's or annotation's key: `name` or `prefix/name`. */
export function isQualifiedName(text: string): string | undefined {
  const parts = text.split("/");
  const [first = "", second] = parts;
  if (parts.length > 2) return "must be a name, or a prefix and a name such as `example.com/name`";
  const name = second ?? first;
  if (second !== undefined) {
    if (first === "") return "the part before the '/' must not be empty";
    const prefix = isDns1123Subdomain(first);
    if (prefix !== undefined) return `the part before the '/' ${prefix}`;
  }
  if (name === "") return "must not be empty";
  if (name.length > 63) return tooLong(63);
  if (/^([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]$/.test(name)) return undefined;
  return "must consist of letters, digits, `-`, `_` and `.`, and begin and end with a letter or digit";
}

export function isValidLabelValue(text: string): string | undefined {
  if (text.length > 63) return tooLong(63);
  if (/^(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?$/.test(text)) return undefined;
  return "must be empty or consist of letters, digits, `-`, `_` and `.`, and begin and end with a letter or digit";
}

/** The name of a container's port. */
export function isValidPortName(text: string): string | undefined {
  if (text.length > 15) return tooLong(15);
  if (!/^[-a-z0-9]+$/.test(text)) return "must consist of lower case letters, digits and `-`";
  if (!/[a-z]/.test(text)) return "must contain at least one letter";
  if (text.includes("--")) return "must not contain `--`";
  return /^-|-$/.test(text) ? "must not begin or end with `-`" : undefined;
}

export function isEnvVarName(text: string): string | undefined {
  if (!/^[-._a-zA-Z][-._a-zA-Z0-9]*$/.test(text))
    return "must consist of letters, digits, `_`, `-` and `.`, and must not begin with a digit";
  return changesDirectory(text);
}

/** Since RelaxedEnvironmentVariableValidation is on: beta in 1.32 (pkg/features/kube_features.go). */
export function isRelaxedEnvVarName(text: string): string | undefined {
  return /^[ -<>-~]+$/.test(text) ? undefined : "must consist of printable ASCII characters other than `=`";
}

/** A key of a ConfigMap or Secret. */
export function isConfigMapKey(text: string): string | undefined {
  if (text.length > 253) return tooLong(253);
  if (!/^[-._a-zA-Z0-9]+$/.test(text)) return "must consist of letters, digits, `-`, `_` and `.`";
  return changesDirectory(text);
}

export function isHttpHeaderName(text: string): string | undefined {
  return /^[-A-Za-z0-9]+$/.test(text) ? undefined : "must consist of letters, digits and `-`";
}

/** IsValidPathSegmentName, apimachinery pkg/api/validation/path/name.go */
export function isPathSegment(text: string): string | undefined {
  if (text === "." || text === "..") return `must not be \`${text}\``;
  return /[/%]/.test(text) ? "must not contain `/` or `%`" : undefined;
}

/** Leading zeros are let through, as `netutils.ParseIPSloppy` does for objects that had them. */
export function isValidIp(text: string): string | undefined {
  return isIpv4(text) || isIpv6(text)
    ? undefined
    : "must be a valid IP address, such as `10.9.8.7` or `2001:db8::ffff`";
}

export function isValidCidr(text: string): string | undefined {
  const [address = "", length = "", ...rest] = text.split("/");
  const bits = isIpv4(address) ? 32 : isIpv6(address) ? 128 : 0;
  const valid = rest.length === 0 && /^\d{1,3}$/.test(length) && Number(length) <= bits && bits > 0;
  return valid ? undefined : "must be a valid CIDR block, such as `10.9.8.0/24`";
}

/** What `isValidIp` lets through and different programs read differently. */
export function isStrictIp(text: string): string | undefined {
  const malformed = isValidIp(text);
  if (malformed !== undefined) return malformed;
  if (hasLeadingZero(text)) return "must not have leading zeros (since Kubernetes 1.36, in new objects)";
  return isIpv4InIpv6(text)
    ? "must not be an IPv4 address written as IPv6 (since Kubernetes 1.36, in new objects)"
    : undefined;
}

/** The same for CIDR blocks, which must also be zero behind the prefix. */
export function isStrictCidr(text: string): string | undefined {
  const malformed = isValidCidr(text);
  if (malformed !== undefined) return malformed;
  const [address = "", length = ""] = text.split("/");
  if (hasLeadingZero(address) || /^0\d/.test(length))
    return "must not have leading zeros (since Kubernetes 1.36, in new objects)";
  if (isIpv4InIpv6(address))
    return "must not be an IPv4 address written as IPv6 (since Kubernetes 1.36, in new objects)";
  const block = networkOf(address, Number(length));
  return block === undefined
    ? undefined
    : `must be the address of the whole block (since Kubernetes 1.36, in new objects): \`${block}/${length}\``;
}

function hasLeadingZero(address: string): boolean {
  return address.includes(".") && /(?:^|[.:])0\d+(?:\.|$)/.test(address);
}

/** `::ffff:10.0.0.1` and its like */
function isIpv4InIpv6(address: string): boolean {
  if (!isIpv6(address)) return false;
  const [high, middle] = [bitsOf(address) >> 48n, (bitsOf(address) >> 32n) & 0xffffn];
  return high === 0n && middle === 0xffffn;
}

/** The first address of the block, where an address is another one of it: `192.168.1.5`, 24 -> `192.168.1.0`. */
function networkOf(address: string, length: number): string | undefined {
  const size = isIpv4(address) ? 32 : 128;
  const bits = bitsOf(address);
  const host = (1n << BigInt(size - length)) - 1n;
  if ((bits & host) === 0n) return undefined;
  const first = bits & ~host;
  const [width, separator, base] = size === 32 ? ([8, ".", 10] as const) : ([16, ":", 16] as const);
  const parts = Array.from({ length: size / width }, (_, index) =>
    ((first >> BigInt(size - width * (index + 1))) & ((1n << BigInt(width)) - 1n)).toString(base),
  ).join(separator);
  return size === 32 ? parts : parts.replace(/(?:^|:)0(?::0)+(?::|$)/, "::");
}

/** A valid address as a number. */
function bitsOf(address: string): bigint {
  if (isIpv4(address)) return address.split(".").reduce((bits, part) => (bits << 8n) | BigInt(Number(part)), 0n);
  const [before = "", after] = address.split("::");
  const groups = (text: string) =>
    text === ""
      ? []
      : text.split(":").flatMap((group) => {
          if (!group.includes(".")) return [BigInt(`0x${group}`)];
          const embedded = bitsOf(group);
          return [embedded >> 16n, embedded & 0xffffn];
        });
  const [left, right] = [groups(before), groups(after ?? "")];
  const gap = Array.from({ length: after === undefined ? 0 : 8 - left.length - right.length }, () => 0n);
  return [...left, ...gap, ...right].reduce((bits, group) => (bits << 16n) | group, 0n);
}

function isIpv4(text: string): boolean {
  return /^\d+\.\d+\.\d+\.\d+$/.test(text) && text.split(".").every((part) => part.length <= 3 && Number(part) <= 255);
}

export function isIpv6(text: string): boolean {
  const halves = text.split("::");
  if (halves.length > 2 || !text.includes(":")) return false;
  const groups = halves.flatMap((half) => (half === "" ? [] : half.split(":")));
  const last = groups.at(-1) ?? "";
  const embedded = last.includes(".");
  const count = groups.length + (embedded ? 1 : 0);
  if (embedded && !isIpv4(last)) return false;
  const plain = embedded ? groups.slice(0, -1) : groups;
  return plain.every((group) => /^[0-9a-fA-F]{1,4}$/.test(group)) && (halves.length === 2 ? count < 8 : count === 8);
}

/** The name or label that a text was probably meant to be: `Etcd` -> `etcd`, `my_db` -> `my-db`, `a b` -> `a-b`. */
export function repairedName(text: string, form: Form): string | undefined {
  const trimmed = text.trim();
  const lower = trimmed.toLowerCase();
  const dashed = (name: string, others: RegExp) => trimDashes(name.replace(others, "-").replace(/-{2,}/g, "-"));
  return firstOf(form, text, [
    trimmed,
    lower,
    dashed(trimmed, /[^-A-Za-z0-9._/]+/g),
    dashed(lower, /[^-a-z0-9.]+/g),
    dashed(lower, /[^-a-z0-9]+/g),
  ]);
}

/** `-a_b.` -> `a_b` */
function trimDashes(name: string): string {
  const start = name.search(/[A-Za-z0-9]/);
  if (start === -1) return "";
  let end = name.length;
  while (/[-._/]/.test(name[end - 1] ?? "")) end -= 1;
  return name.slice(start, end);
}

/** The same for paths, addresses and blocks of them: `/data` -> `data`, `10.0.0.5/24` -> `10.0.0.0/24`. */
export function repairedValue(text: string, form: Form): string | undefined {
  const trimmed = text.trim();
  const decimal = trimmed.replace(/(^|[./])0+(?=\d)/g, "$1");
  const [address = "", length = ""] = decimal.split("/");
  const block = isValidCidr(decimal) === undefined ? networkOf(address, Number(length)) : undefined;
  return firstOf(form, text, [
    trimmed,
    trimmed.slice(Math.max(trimmed.search(/[^/]/), 0)),
    ...(isValidIp(address) === undefined ? [decimal] : []),
    ...(block === undefined ? [] : [`${block}/${length}`]),
    `/${trimmed}`,
  ]);
}

function firstOf(form: Form, text: string, candidates: readonly string[]): string | undefined {
  return candidates.find((one) => one !== "" && one !== text && form(one) === undefined);
}

function changesDirectory(text: string): string | undefined {
  if (text === "." || text === "..") return `must not be \`${text}\``;
  return text.startsWith("..") ? "must not begin with `..`" : undefined;
}

function tooLong(length: number): string {
  return `must have at most ${length} characters`;
}

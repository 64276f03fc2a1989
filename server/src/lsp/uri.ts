/**
 * One spelling for a file's URI, whoever wrote it: editors and runtimes differ in which characters they escape and in
 * the case of a drive's letter (`file:///c%3A/a%2Bb.yaml`, `file:///C:/a+b.yaml`). Other schemes come back as they are,
 * since only their owner knows what is equal.
 */
export function canonicalUri(uri: string): string {
  const [, host, way] = /^file:\/\/([^/?#]*)(\/[^?#]*)$/i.exec(uri) ?? [];
  if (host === undefined || way === undefined) return uri;
  return `file://${host}${way.split("/").map(canonicalSegment).join("/")}`;
}

/** Whether a canonical URI is a folder's or lies somewhere below it. */
export function isWithin(uri: string, folder: string): boolean {
  return uri === folder || uri.startsWith(folder.endsWith("/") ? folder : `${folder}/`);
}

function canonicalSegment(segment: string): string {
  try {
    const name = decodeURIComponent(segment);
    return /^[a-z]:$/i.test(name) ? name.toLowerCase() : encodeURIComponent(name);
  } catch {
    return segment; // not UTF-8 behind the percent signs: nobody else will spell it otherwise
  }
}

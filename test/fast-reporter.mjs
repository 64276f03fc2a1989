// Tells of nothing but what fails.
import { inspect } from "node:util";

export default async function* report(source) {
  for await (const { type, data } of source) {
    if (type === "test:stderr" || type === "test:stdout") yield data.message;
    if (type !== "test:pass" && type !== "test:fail") continue;
    if (data.details.type === "suite") continue;
    globalThis.testsRun = (globalThis.testsRun ?? 0) + 1;
    const { error } = data.details;
    if (type === "test:fail") yield `✖ ${data.name} (${data.file})\n${inspect(error?.cause ?? error)}\n\n`;
  }
}

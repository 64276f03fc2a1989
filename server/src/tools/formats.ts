import type { Format } from "./format.js";
import { applyFormat } from "./replay-apply.js";
import { dumpFormat } from "./replay-dump.js";
import { deletionFormat } from "./replay-deletion.js";
import { drainDumpFormat } from "./replay-drain-dump.js";
import { evictionFormat } from "./replay-eviction.js";
import { traceFormat } from "./replay-trace.js";

/** All kinds of recordings; the first that takes a line replays it. */
export const formats: readonly Format[] = [
  applyFormat(),
  traceFormat,
  evictionFormat,
  deletionFormat,
  dumpFormat(),
  drainDumpFormat,
];

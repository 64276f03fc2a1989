import type { Format } from "./format.js";
import { deletionFormat } from "./replay-deletion.js";
import { evictionFormat } from "./replay-eviction.js";
import { traceFormat } from "./replay-trace.js";

/** All kinds of recordings; the first that takes a line replays it. */
export const formats: readonly Format[] = [traceFormat, evictionFormat, deletionFormat];

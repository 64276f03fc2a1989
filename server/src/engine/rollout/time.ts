/** How times are written and where an axis is marked. All times are seconds of virtual time. */

/** `48 s`, `3 min 20 s`, `1 h 5 min`: a length of time to the second, from an hour on to the minute. */
export function formatDuration(time: number): string {
  const seconds = Math.round(time);
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return joined(Math.floor(seconds / 60), "min", seconds % 60, "s");
  return joined(Math.floor(seconds / 3600), "h", Math.floor((seconds % 3600) / 60), "min");
}

/** `1:14` or `1:02:03`: a moment since the start. */
export function formatMoment(time: number): string {
  const seconds = Math.floor(time);
  const padded = (value: number): string => String(value).padStart(2, "0");
  const minutesAndSeconds = `${Math.floor(seconds / 60) % 60}:${padded(seconds % 60)}`;
  return seconds < 3600 ? minutesAndSeconds : `${Math.floor(seconds / 3600)}:${minutesAndSeconds.padStart(5, "0")}`;
}

/** The marks of an axis that is `end` long, so many that there are at most `most`, at moments that people count in. */
export function axisMarks(end: number, most: number): readonly number[] {
  const step = steps.find((seconds) => end / seconds <= most) ?? wholeHours(end, most);
  return Array.from({ length: Math.floor(end / step) + 1 }, (_, index) => index * step);
}

const steps = [1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1200, 1800, 3600, 7200, 14_400];

function wholeHours(end: number, most: number): number {
  return Math.ceil(end / most / 3600) * 3600;
}

function joined(large: number, largeUnit: string, small: number, smallUnit: string): string {
  return small === 0 ? `${large} ${largeUnit}` : `${large} ${largeUnit} ${small} ${smallUnit}`;
}

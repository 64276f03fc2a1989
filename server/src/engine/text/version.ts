/** Both as in package.json; tests compare them. */
export const version = "0.1.0";
export const issuesUrl = "https://github.com/ordinal-dev/ordinal/issues";

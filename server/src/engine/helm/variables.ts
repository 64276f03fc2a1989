/** The variables that are defined at a place of a template; `$` always is. */
export class Variables {
  readonly #names: string[] = ["$"];
  readonly #counts = new Map<string, number>([["$", 1]]);

  get count(): number {
    return this.#names.length;
  }

  has(name: string): boolean {
    return (this.#counts.get(name) ?? 0) > 0;
  }

  add(name: string): void {
    this.#names.push(name);
    this.#counts.set(name, (this.#counts.get(name) ?? 0) + 1);
  }

  /** A block ends, in which all but the first `count` were defined. */
  forgetAfter(count: number): void {
    for (const name of this.#names.splice(count)) this.#counts.set(name, (this.#counts.get(name) ?? 0) - 1);
  }
}

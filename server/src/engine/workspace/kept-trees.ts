import type { ParsedChunk, ReadChunk } from "./source-file.js";

/** What is kept of the texts that were read; see `keepTrees`. */
export interface KeptTrees {
  readonly read: ReadChunk;
  /** A file of so many characters is to be kept whole. */
  makeRoomFor(length: number): void;
}

/**
 * Reads chunks such that their trees, thirty times as large as their texts, are kept of those that were read last: some
 * `characters` of text together. The tree of another one is read anew where a reader asks for it.
 */
export function keepTrees(read: ReadChunk, characters: number): KeptTrees {
  const kept = new Set<ChunkWithTree>();
  let most = characters;
  let held = 0;
  const keep = (chunk: ChunkWithTree) => {
    kept.add(chunk);
    held += chunk.text.length;
    for (const oldest of kept) {
      if (held <= most || oldest === chunk) break;
      kept.delete(oldest);
      held -= oldest.text.length;
      oldest.dropTree();
    }
  };
  return {
    read: (text, reading, visible, former) => {
      // A tree that is gone is not read again for what may be taken over from it.
      const known = former instanceof ChunkWithTree && former.hasTree ? former : undefined;
      const chunk = read(text, reading, visible, known);
      const hasTree = chunk.document.text !== "";
      return hasTree ? new ChunkWithTree(chunk, () => read(text, reading, visible), keep) : chunk;
    },
    makeRoomFor(length) {
      most = Math.max(most, 2 * length);
    },
  };
}

type Tree = Pick<ParsedChunk, "document" | "resources" | "items" | "template">;

/** A chunk that can do without its tree for a while. */
class ChunkWithTree implements ParsedChunk {
  readonly text: string;
  readonly visible: string;
  readonly podDnsNames: ParsedChunk["podDnsNames"];
  readonly hasUnknown: boolean;
  readonly state: ParsedChunk["state"];
  readonly #readAgain: () => Tree;
  readonly #keep: (chunk: ChunkWithTree) => void;
  #tree: Tree | undefined;

  constructor(chunk: ParsedChunk, readAgain: () => Tree, keep: (chunk: ChunkWithTree) => void) {
    this.text = chunk.text;
    this.visible = chunk.visible;
    this.podDnsNames = chunk.podDnsNames;
    this.hasUnknown = chunk.hasUnknown;
    this.state = chunk.state;
    this.#readAgain = readAgain;
    this.#keep = keep;
    this.#tree = chunk;
    keep(this);
  }

  get document(): ParsedChunk["document"] {
    return this.#now().document;
  }

  get resources(): ParsedChunk["resources"] {
    return this.#now().resources;
  }

  get items(): ParsedChunk["items"] {
    return this.#now().items;
  }

  get template(): ParsedChunk["template"] {
    return this.#now().template;
  }

  get hasTree(): boolean {
    return this.#tree !== undefined;
  }

  dropTree(): void {
    this.#tree = undefined;
  }

  #now(): Tree {
    if (this.#tree === undefined) {
      this.#tree = this.#readAgain();
      this.#keep(this);
    }
    return this.#tree;
  }
}

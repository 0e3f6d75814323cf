import { createHash } from 'node:crypto';

const FIRST_SLOTS = 1024;
/** Words of a slot: three of the name's hash, and the value + 1; 0 there is an empty slot. */
const SLOT = 4;
/** Of the slots, how many may be taken. */
const LOAD = 0.75;

/**
 * From name to a number ≥ 0, for millions of names in flat typed arrays: about 32 bytes a name, where a `Map` of strings takes several hundred.
 * The names themselves are not kept but 96 bits of their hash: among ten million names two share them with a probability of 10⁻¹⁵.
 */
export class IdIndex {
  #slots = new Uint32Array(FIRST_SLOTS * SLOT);
  #size = 0;

  get size(): number {
    return this.#size;
  }

  get(name: string): number | undefined {
    const value = this.#slots[this.#find(hashOf(name)) + 3] ?? 0;
    return value === 0 ? undefined : value - 1;
  }

  set(name: string, value: number): void {
    if (this.#size >= (this.#slots.length / SLOT) * LOAD) this.#grow();
    const hash = hashOf(name);
    const at = this.#find(hash);
    if (this.#slots[at + 3] === 0) this.#size += 1;
    this.#slots.set(hash, at);
    this.#slots[at + 3] = value + 1;
  }

  /** Where a hash lies, or the empty slot where it would. */
  #find(hash: ArrayLike<number>, slots = this.#slots): number {
    const mask = slots.length / SLOT - 1;
    for (let slot = (hash[0] ?? 0) & mask; ; slot = (slot + 1) & mask) {
      const at = slot * SLOT;
      if (slots[at + 3] === 0) return at;
      if (slots[at] === hash[0] && slots[at + 1] === hash[1] && slots[at + 2] === hash[2]) return at;
    }
  }

  #grow(): void {
    const larger = new Uint32Array(this.#slots.length * 2);
    for (let at = 0; at < this.#slots.length; at += SLOT) {
      if (this.#slots[at + 3] === 0) continue;
      const slot = this.#slots.subarray(at, at + SLOT);
      larger.set(slot, this.#find(slot, larger));
    }
    this.#slots = larger;
  }
}

function hashOf(name: string): [number, number, number] {
  const hash = createHash('sha256').update(name).digest();
  return [hash.readUInt32LE(0), hash.readUInt32LE(4), hash.readUInt32LE(8)];
}

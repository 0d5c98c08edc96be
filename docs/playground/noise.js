/**
 * The noise of mini-batches, the same to the last bit as `optimtext.surfaces.noisy`: whole numbers of 32 bits and sums
 * without rounding.
 *
 * Exports: variates(seed) -> function that returns the next number (mean 0, variance 1, never beyond 6).
 */

function mixed(word) {
  word = Math.imul(word ^ (word >>> 16), 0x21f0aaad);
  word = Math.imul(word ^ (word >>> 15), 0xd35a2d97);
  return word ^ (word >>> 15);
}

export function variates(seed) {
  let state = mixed(seed | 0);
  return () => {
    let total = 6;
    for (let i = 0; i < 12; i++) {
      state = (state + 0x9e3779b9) | 0;
      total += mixed(state) >>> 0;
    }
    return total * 2 ** -32 - 6;
  };
}

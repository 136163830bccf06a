/** Cells that the quarter turn is cut into; the quantile is good to six digits up to 1,000 degrees. */
const CELLS = 400;

/**
 * Quantile of Student's t distribution. Substituting t = √ν·tan θ turns its density into cos^(ν−1) θ, which
 * needs no gamma function and ends at a right angle.
 * @param probability of a smaller value, 0.5 ≤ p < 1
 * @param degrees of freedom, at least 1, need not be whole
 * @throws RangeError outside of those
 */
export function studentT(probability: number, degrees: number): number {
  if (!(probability >= 0.5 && probability < 1)) throw new RangeError('probability is from 0.5 to below 1');
  if (!(degrees >= 1)) throw new RangeError('there is at least one degree of freedom');
  const width = Math.PI / 2 / CELLS;
  const cells = Array.from({ length: CELLS }, (_, cell) => area(cell * width, (cell + 1) * width, degrees));
  const whole = cells.reduce((sum, cell) => sum + cell, 0);
  let missing = (2 * probability - 1) * whole;
  let cell = 0;
  while (cell < CELLS - 1 && cells[cell]! < missing) missing -= cells[cell++]!;
  let [low, high] = [cell * width, (cell + 1) * width];
  const from = low;
  for (let halving = 0; halving < 40; halving++) {
    const middle = (low + high) / 2;
    if (area(from, middle, degrees) < missing) low = middle;
    else high = middle;
  }
  return Math.sqrt(degrees) * Math.tan((low + high) / 2);
}

/** ∫ cos^(ν−1) θ over a short way (Simpson). */
function area(from: number, to: number, degrees: number): number {
  const height = (theta: number) => Math.max(0, Math.cos(theta)) ** (degrees - 1);
  return ((height(from) + 4 * height((from + to) / 2) + height(to)) * (to - from)) / 6;
}

/** One plane of luma. */
export interface Luma {
  bytes: Buffer;
  stride: number;
  width: number;
  height: number;
}

/** Sum of squared differences. */
export function squaredError(a: Luma, b: Luma): number {
  let sum = 0;
  for (let y = 0; y < a.height; y++) {
    for (let x = 0, i = y * a.stride, j = y * b.stride; x < a.width; x++, i++, j++) {
      const difference = a.bytes[i]! - b.bytes[j]!;
      sum += difference * difference;
    }
  }
  return sum;
}

export const psnrDb = (squares: number, pixels: number): number =>
  10 * Math.log10((255 * 255 * pixels) / squares);

const WINDOW = 8;
const STEP = 4;
const C1 = (0.01 * 255) ** 2;
const C2 = (0.03 * 255) ** 2;

/** Structural similarity (Wang et al. 2004), mean over windows of 8×8 pixels that lie 4 apart; 1 is equal. */
export function ssim(a: Luma, b: Luma): number {
  let sum = 0;
  let windows = 0;
  for (let y = 0; y + WINDOW <= a.height; y += STEP) {
    for (let x = 0; x + WINDOW <= a.width; x += STEP) {
      sum += windowSsim(a, b, x, y);
      windows++;
    }
  }
  return sum / windows;
}

function windowSsim(a: Luma, b: Luma, left: number, top: number): number {
  let [sumA, sumB, squaresA, squaresB, products] = [0, 0, 0, 0, 0];
  for (let y = top; y < top + WINDOW; y++) {
    for (let x = 0, i = y * a.stride + left, j = y * b.stride + left; x < WINDOW; x++, i++, j++) {
      const [p, q] = [a.bytes[i]!, b.bytes[j]!];
      sumA += p;
      sumB += q;
      squaresA += p * p;
      squaresB += q * q;
      products += p * q;
    }
  }
  const count = WINDOW * WINDOW;
  const [meanA, meanB] = [sumA / count, sumB / count];
  const varianceA = squaresA / count - meanA * meanA;
  const varianceB = squaresB / count - meanB * meanB;
  const covariance = products / count - meanA * meanB;
  return (
    ((2 * meanA * meanB + C1) * (2 * covariance + C2)) /
    ((meanA * meanA + meanB * meanB + C1) * (varianceA + varianceB + C2))
  );
}

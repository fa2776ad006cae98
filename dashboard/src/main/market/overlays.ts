/** What is computed from the closes of bars, oldest first. */

/** One value for each bar; undefined where there are not enough bars before. */
type Line = readonly (number | undefined)[];

/** The average of the last `length` closes. */
export function movingAverage(closes: readonly number[], length: number): Line {
  let sum = 0;
  return closes.map((close, index) => {
    sum += close - (closes[index - length] ?? 0);
    return index + 1 < length ? undefined : sum / length;
  });
}

/** The moving average of `length` closes and the lines `width` standard deviations above and below it. */
export function bollinger(closes: readonly number[], length: number, width: number): { readonly upper: Line; readonly lower: Line } {
  const middle = movingAverage(closes, length);
  const deviations = middle.map((average, index) => {
    if (average === undefined) return undefined;
    const window = closes.slice(index + 1 - length, index + 1);
    return Math.sqrt(window.reduce((sum, close) => sum + (close - average) ** 2, 0) / length);
  });
  const at = (sign: 1 | -1): Line =>
    middle.map((average, index) => {
      const deviation = deviations[index];
      return average === undefined || deviation === undefined ? undefined : average + sign * width * deviation;
    });
  return { upper: at(1), lower: at(-1) };
}

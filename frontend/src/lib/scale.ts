// Positions on a drawing. Plain numbers: nothing here is shown as money.

export interface Scale {
  (value: number): number;
  domain: readonly [number, number];
  invert: (position: number) => number;
}

/** A linear scale; a domain of one value maps to the middle. */
export function linearScale(domain: readonly [number, number], range: readonly [number, number]): Scale {
  const [from, to] = domain;
  const [start, end] = range;
  const span = to - from;
  const place = (value: number) => (span === 0 ? (start + end) / 2 : start + ((value - from) / span) * (end - start));
  const invert = (position: number) => (end === start ? from : from + ((position - start) / (end - start)) * span);
  return Object.assign(place, { domain, invert });
}

/** At most about `count` round values within [from, to]. */
export function niceTicks(from: number, to: number, count: number): number[] {
  const span = to - from;
  if (!(span > 0) || count < 1) return [from];
  const rough = span / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 2.5, 5, 10].map((factor) => factor * power).find((candidate) => candidate >= rough) ?? 10 * power;
  const ticks: number[] = [];
  for (let index = Math.ceil(from / step); index * step <= to + step * 1e-9; index += 1) ticks.push(index * step);
  return ticks;
}

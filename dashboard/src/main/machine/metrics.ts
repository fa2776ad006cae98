/** A value of the page of meters. */
export interface Sample {
  readonly name: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly value: number;
}

const LINE = /^([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{(.*)\})? (\S+)$/;
const TAG = /([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\]|\\.)*)"/g;
const ESCAPED: Readonly<Record<string, string>> = { n: '\n' };

/** Reads the text form of Prometheus. */
export function parse(text: string): readonly Sample[] {
  const samples: Sample[] = [];
  for (const line of text.split('\n')) {
    const match = line.startsWith('#') ? null : LINE.exec(line);
    if (match === null) continue;
    const tags: Record<string, string> = {};
    for (const [, name = '', value = ''] of (match[2] ?? '').matchAll(TAG)) {
      tags[name] = value.replace(/\\(.)/g, (_, letter: string) => ESCAPED[letter] ?? letter);
    }
    samples.push({ name: match[1] ?? '', tags, value: Number(match[3]) });
  }
  return samples;
}

/** How many measured values are up to a bound of seconds, and above the bound before it. */
export interface Bucket {
  readonly upTo: number;
  readonly count: number;
}

export interface Histogram {
  readonly label: string;
  readonly buckets: readonly Bucket[];
  readonly count: number;
  readonly max: number;
}

/** The histogram of a timer, over all tags that `isMeant` accepts. */
export function histogram(
  samples: readonly Sample[],
  timer: string,
  label: string,
  isMeant: (tags: Sample['tags']) => boolean = () => true,
): Histogram {
  const cumulative = new Map<number, number>();
  let max = 0;
  for (const { name, tags, value } of samples) {
    if (!isMeant(tags)) continue;
    if (name === `${timer}_bucket`) {
      const bound = tags.le === '+Inf' ? Infinity : Number(tags.le);
      cumulative.set(bound, (cumulative.get(bound) ?? 0) + value);
    } else if (name === `${timer}_max`) {
      max = Math.max(max, value);
    }
  }
  const bounds = [...cumulative.keys()].sort((a, b) => a - b);
  let before = 0;
  const buckets = bounds.map((upTo) => {
    const sum = cumulative.get(upTo) ?? 0;
    const count = sum - before;
    before = sum;
    return { upTo, count };
  });
  return { label, buckets, count: before, max };
}

/** The bound below which the given share of the values is; undefined without values. */
export function quantile({ buckets, count }: Histogram, share: number): number | undefined {
  let sum = 0;
  for (const bucket of buckets) {
    sum += bucket.count;
    if (count > 0 && sum >= share * count) return bucket.upTo;
  }
  return undefined;
}

/** Something that fills up. */
export interface Filled {
  readonly kind: string;
  readonly name: string;
  readonly used: number;
  readonly limit: number;
}

/** Everything with a bound: queues, caches and other resources, the fullest first. The names of meters end in their unit. */
export function filled(samples: readonly Sample[]): readonly Filled[] {
  const rows: Filled[] = [];
  for (const [kind, used] of [
    ['queue', 'waiting'],
    ['cache', 'used'],
    ['resource', 'used'],
  ] as const) {
    const limits = new Map<string, number>();
    for (const { name, tags, value } of samples) {
      if (name.startsWith(`kis_gateway_${kind}_limit`)) limits.set(tags[kind] ?? '', value);
    }
    for (const { name, tags, value } of samples) {
      const limit = limits.get(tags[kind] ?? '');
      if (name.startsWith(`kis_gateway_${kind}_${used}`) && limit !== undefined) {
        rows.push({ kind, name: tags[kind] ?? '', used: value, limit });
      }
    }
  }
  return rows.sort((a, b) => b.used / b.limit - a.used / a.limit || a.name.localeCompare(b.name));
}

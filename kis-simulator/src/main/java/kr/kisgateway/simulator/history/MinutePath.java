package kr.kisgateway.simulator.history;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import kr.kisgateway.simulator.exchange.Minutes;

/**
 * The minutes of a day of which only the bar is given: they add up exactly to it, in open, high, low, close, volume and
 * turnover.
 *
 * <p>Volume is distributed over the day with more at its ends, a path goes from the open through the high and the low to the
 * close, and the difference of the turnover from the day's is corrected: first by the mean price of each minute, which may
 * lie anywhere between its low and high, then by moving volume between dear and cheap minutes. Where a day has too little
 * volume for that, it has fewer minutes, in the end a single one.
 */
public final class MinutePath {
    /** As many pieces as a minute bar has prices. */
    private static final long MIN_VOLUME = 4;

    private static final double NOISE = 0.12;

    private MinutePath() {}

    /**
     * The bars of the day's minutes, drawn from the seed.
     *
     * @param minutes of the day in which there can be trades
     * @return those with trades, in order; none for a day without volume
     */
    public static List<Minutes.Bar> of(long seed, String key, DailyBar day, int[] minutes, PriceGrid grid) {
        if (day.volume() == 0 || minutes.length == 0) {
            return List.of();
        }
        int count = (int) Math.min(minutes.length, Math.max(1, day.volume() / MIN_VOLUME));
        while (count > 1) {
            var path = new Path(seed, key, day, minutes, grid, count);
            if (path.balanced()) {
                return path.bars();
            }
            count /= 2;
        }
        return List.of(new Minutes.Bar(
                minutes[minutes.length - 1],
                day.open(),
                day.high(),
                day.low(),
                day.close(),
                day.volume(),
                day.turnover()));
    }

    private static final class Path {
        private final DailyBar day;
        private final PriceGrid grid;
        private final SplittableRandom random;
        private final int count;
        private final int[] at;
        private final long[] open;
        private final long[] high;
        private final long[] low;
        private final long[] close;
        private final long[] volume;
        private final long[] turnover;

        Path(long seed, String key, DailyBar day, int[] minutes, PriceGrid grid, int count) {
            this.day = day;
            this.grid = grid;
            this.random = new SplittableRandom(GeneratedHistory.mixedSeed(seed, key)
                    + 0x9E3779B97F4A7C15L * day.date().toEpochDay());
            this.count = count;
            this.at = chooseMinutes(minutes);
            this.open = new long[count];
            this.high = new long[count];
            this.low = new long[count];
            this.close = new long[count];
            this.volume = new long[count];
            this.turnover = new long[count];
            prices();
            volumes();
        }

        /** The last minute, where the close is made, and the needed number of others. */
        private int[] chooseMinutes(int[] minutes) {
            if (count == minutes.length) {
                return minutes;
            }
            int[] all = Arrays.copyOf(minutes, minutes.length - 1);
            for (int i = 0; i < count - 1; i++) {
                int other = i + random.nextInt(all.length - i);
                int swapped = all[other];
                all[other] = all[i];
                all[i] = swapped;
            }
            int[] chosen = Arrays.copyOf(all, count);
            chosen[count - 1] = minutes[minutes.length - 1];
            Arrays.sort(chosen);
            return chosen;
        }

        private void prices() {
            int highest = random.nextInt(count);
            int lowest = random.nextInt(count);
            long price = day.open();
            for (int i = 0; i < count; i++) {
                open[i] = i == 0 ? price : nearby(price);
                close[i] = i == count - 1 ? day.close() : towards(price, i, highest, lowest);
                high[i] = Math.max(open[i], close[i]);
                low[i] = Math.min(open[i], close[i]);
                price = close[i];
            }
            high[highest] = day.high();
            low[lowest] = day.low();
        }

        /** Mostly the price before, sometimes an adjacent valid one. */
        private long nearby(long price) {
            return switch (random.nextInt(6)) {
                case 0 -> withinDay(grid.next(price, day.date()));
                case 1 -> withinDay(grid.down(Math.max(1, price - 1), day.date()));
                default -> price;
            };
        }

        /** A step to the next of the day's high, low and close, with some noise. */
        private long towards(long price, int i, int highest, int lowest) {
            int goal = count - 1;
            long end = day.close();
            if (highest >= i && highest < goal) {
                goal = highest;
                end = day.high();
            }
            if (lowest >= i && lowest < goal) {
                goal = lowest;
                end = day.low();
            }
            double span = day.high() - day.low();
            double step = (double) (end - price) / (goal - i + 1) + NOISE * span * GeneratedHistory.normal(random) / 2;
            return withinDay(grid.down(Math.max(1, Math.round(price + step)), day.date()));
        }

        private long withinDay(long price) {
            return Math.clamp(price, day.low(), day.high());
        }

        /** Distributes volume in a U over the day: its first and last tenth trade about three times as much as its middle. */
        private void volumes() {
            double[] weights = new double[count];
            double all = 0;
            for (int i = 0; i < count; i++) {
                double middle = Math.abs(2.0 * i / (count - 1) - 1);
                weights[i] = (1 + 2 * middle * middle * middle) * (0.3 + 1.4 * random.nextDouble());
                all += weights[i];
            }
            long spare = day.volume() - count * MIN_VOLUME;
            long left = spare;
            for (int i = 0; i < count; i++) {
                long part = Math.min(left, (long) (spare * (weights[i] / all)));
                volume[i] = MIN_VOLUME + part;
                left -= part;
            }
            volume[count - 1] += left;
        }

        /** Makes the turnovers sum to the day's; false when they cannot. */
        boolean balanced() {
            long missing = day.turnover();
            for (int i = 0; i < count; i++) {
                turnover[i] = volume[i] * ((open[i] + high[i] + low[i] + close[i]) / 4);
                missing -= turnover[i];
            }
            missing = bend(missing);
            if (missing != 0) {
                missing = bend(tilt(missing));
            }
            if (missing != 0) {
                missing = bend(shift(missing));
            }
            return missing == 0;
        }

        /** Moves the minutes' mean prices inside their bars; returns the missing turnover. */
        private long bend(long missing) {
            long left = missing;
            for (int i = 0; i < count && left != 0; i++) {
                long slack = left > 0 ? volume[i] * high[i] - turnover[i] : volume[i] * low[i] - turnover[i];
                long step = left > 0 ? Math.min(left, slack) : Math.max(left, slack);
                turnover[i] += step;
                left -= step;
            }
            return left;
        }

        /**
         * After {@link #bend} every minute is at its edge. All minutes on one side of the mean move the same part of their
         * volume to all on the other side, so that the day keeps its shape.
         */
        private long tilt(long missing) {
            boolean up = missing > 0;
            long[] edge = up ? high : low;
            double mean = 0;
            for (int i = 0; i < count; i++) {
                mean += (double) edge[i] * volume[i] / day.volume();
            }
            double giving = 0;
            double givenValue = 0;
            double taking = 0;
            double takenValue = 0;
            for (int i = 0; i < count; i++) {
                if (up == edge[i] < mean) {
                    giving += volume[i] - MIN_VOLUME;
                    givenValue += (double) (volume[i] - MIN_VOLUME) * edge[i];
                } else {
                    taking += volume[i];
                    takenValue += (double) volume[i] * edge[i];
                }
            }
            if (giving < 1 || taking < 1) {
                return missing;
            }
            double part = Math.min(1, missing / (giving * (takenValue / taking - givenValue / giving)));
            if (!(part > 0)) {
                return missing;
            }
            long moved = 0;
            long left = missing;
            for (int i = 0; i < count; i++) {
                if (up == edge[i] < mean) {
                    long pieces = (long) ((volume[i] - MIN_VOLUME) * part);
                    volume[i] -= pieces;
                    turnover[i] -= pieces * edge[i];
                    left += pieces * edge[i];
                    moved += pieces;
                }
            }
            long rest = moved;
            int last = 0;
            for (int i = 0; i < count; i++) {
                if (up != edge[i] < mean) {
                    long pieces = Math.min(rest, (long) (volume[i] / taking * moved));
                    rest -= add(i, pieces, edge);
                    left -= pieces * edge[i];
                    last = i;
                }
            }
            return left - add(last, rest, edge) * edge[last];
        }

        private long add(int i, long pieces, long[] edge) {
            volume[i] += pieces;
            turnover[i] += pieces * edge[i];
            return pieces;
        }

        /**
         * After {@link #bend} every minute is at its edge. Pieces move to the minute that reaches highest (or lowest) from
         * the one that reaches least, until the rest is less than one piece makes.
         */
        private long shift(long missing) {
            boolean up = missing > 0;
            long[] edge = up ? high : low;
            long left = missing;
            int best = 0;
            for (int i = 1; i < count; i++) {
                best = up == edge[i] > edge[best] ? i : best;
            }
            for (int i = 0; i < count && left != 0; i++) {
                long gain = edge[best] - edge[i];
                if (gain == 0) {
                    continue;
                }
                // One piece more than fits: bending takes back the excess.
                long pieces = Math.min(volume[i] - MIN_VOLUME, left / gain + 1);
                volume[i] -= pieces;
                volume[best] += pieces;
                turnover[i] -= pieces * edge[i];
                turnover[best] += pieces * edge[best];
                left -= pieces * gain;
                if (up != left > 0) {
                    break;
                }
            }
            return left;
        }

        List<Minutes.Bar> bars() {
            List<Minutes.Bar> bars = new ArrayList<>(count);
            for (int i = 0; i < count; i++) {
                bars.add(new Minutes.Bar(at[i], open[i], high[i], low[i], close[i], volume[i], turnover[i]));
            }
            return List.copyOf(bars);
        }
    }
}

package kr.kisgateway.simulator.exchange;

import java.util.Optional;

/**
 * A stock that nobody looks at. Its trading is not played order by order; what a minute brought is worked out when somebody
 * wants to know, or never.
 *
 * <p>Problem: whoever looks, and however often, must find the same past. Policy: what a minute brings follows from the key
 * (seed, stock and venue), the minute and the price before it, and from nothing else: no dice are kept. The price wanders by
 * fractions of a percent around a worth that the day has for the stock, further for stocks that are wilder by nature; the
 * volume is the minute's share of the day times noise of mean 1. Weak spot: minutes know nothing of each other but the
 * price, so there are no runs of heavy trading.
 */
public final class Quiet {
    private static final long GOLDEN = 0x9E3779B97F4A7C15L;

    /** What {@link #bell} is spread by. */
    private static final long SIGMA = 37_837;

    /** The denominator of moves: ten-thousandths of the price times {@link #SIGMA}. */
    private static final long MOVES = 10_000 * SIGMA;

    /** Minutes in which the price would come back to the day's worth. */
    private static final long RETURN = 120;

    /** How far from the price of the last auction it goes, in thousandths: no interruption is due there. */
    private static final long REACH = 90;

    /** Shares in one trade, on average. */
    private static final long TYPICAL_TRADE = 20;

    private final Pit pit;
    private final long key;
    private final long dailyVolume;
    private final long wildness;

    private long worthOn = Long.MIN_VALUE;
    private long worthFrom;
    private long worth;

    /**
     * @param key of the seed, the stock and the venue
     * @param dailyVolume shares of a usual day, in thousandths of which minutes have their shares
     */
    public Quiet(Pit pit, long key, long dailyVolume) {
        this.pit = pit;
        this.key = mix(key);
        this.dailyVolume = dailyVolume;
        this.wildness = 4 + Math.floorMod(mix(key + 1), 12);
    }

    /**
     * What a minute of continuous trading brought; empty when nothing traded.
     *
     * @param epochMinute which minute since 1970 it is
     * @param share of the day's volume in millionths
     * @param reference the price of the last auction, from which it does not stray
     */
    Optional<Minutes.Bar> minute(long epochMinute, int minuteOfDay, long share, long reference) {
        long dice = mix(key ^ epochMinute * GOLDEN);
        long volume = volume(share, dice);
        return volume == 0
                ? Optional.empty()
                : Optional.of(bar(minuteOfDay, moved(epochMinute, dice, reference), volume, mix(dice)));
    }

    /** The same on a venue that follows another, on which {@code main} was the minute. */
    Optional<Minutes.Bar> following(long epochMinute, int minuteOfDay, long share, Minutes.Bar main) {
        long dice = mix(key ^ epochMinute * GOLDEN);
        long volume = volume(share, dice);
        if (volume == 0) {
            return Optional.empty();
        }
        long price = Math.clamp(main.close(), pit.lower(), pit.upper());
        return Optional.of(bar(minuteOfDay, price, volume, mix(dice)));
    }

    /**
     * What an auction would give: a price, and shares by the same measure.
     *
     * @param opens whether it makes the day's first price, which may lie further away
     */
    Auction.Match auction(long epochMinute, long share, boolean opens, long reference) {
        long dice = mix(key ^ ~epochMinute * GOLDEN);
        long price = opens ? onTick((pit.tape().base() + worth(epochMinute)) / 2) : moved(epochMinute, dice, reference);
        return new Auction.Match(price, volume(share, dice));
    }

    /** Of a bar's shares those that buyers took, and in how many trades: both out of the bar alone. */
    long bought(Minutes.Bar bar, long epochMinute) {
        long percent = 35 + Math.floorMod(mix(key + epochMinute), 31);
        long tilt = Long.signum(bar.close() - bar.open()) * 10L;
        return bar.volume() * (percent + tilt) / 100;
    }

    /** How far the price wanders in a minute, in hundredths of a tick. */
    long stir() {
        long last = pit.tape().last();
        return last * wildness / 100 / pit.tick(last);
    }

    static long trades(long shares) {
        return shares == 0 ? 0 : 1 + shares / TYPICAL_TRADE;
    }

    /** The worth that the day has for the stock: mostly within a few percent of the base, for one in 32 further away. */
    private long worth(long epochMinute) {
        long today = Math.floorDiv(epochMinute, Timetable.MINUTES);
        long base = pit.tape().base();
        if (today != worthOn || base != worthFrom) {
            worthOn = today;
            worthFrom = base;
            long dice = mix(key + 2 ^ today * GOLDEN);
            long perMille = bell(dice) * wildness * 3 / (2 * SIGMA);
            long far = (mix(dice) & 31) == 0 ? 4 : 1;
            worth = pit.clamp(Math.max(1, base + base * perMille * far / 1_000));
        }
        return worth;
    }

    private long moved(long epochMinute, long dice, long reference) {
        long last = pit.tape().last();
        long tick = pit.tick(last);
        long moves = last * wildness * bell(dice) + (worth(epochMinute) - last) * (MOVES / RETURN);
        long one = MOVES * tick;
        // Less than a tick is now and then a tick.
        long ticks = Math.floorDiv(moves + (mix(dice + 1) >>> 48) * (one >>> 16), one);
        long lowest = Math.max(pit.lower(), reference - reference * REACH / 1_000);
        long highest = Math.min(pit.upper(), reference + reference * REACH / 1_000);
        // From beyond its reach, where a watched market has left it, it only comes back.
        long wanted = Math.clamp(last + ticks * tick, Math.min(lowest, last), Math.max(highest, last));
        return onTick(wanted);
    }

    private long onTick(long price) {
        return Math.max(pit.lower(), pit.snapDown(Math.clamp(price, pit.lower(), pit.upper())));
    }

    private Minutes.Bar bar(int minuteOfDay, long close, long volume, long dice) {
        if (volume < 4) {
            return new Minutes.Bar(minuteOfDay, close, close, close, close, volume, close * volume);
        }
        long last = pit.tape().last();
        long open = last % pit.tick(last) == 0 ? Math.clamp(last, pit.lower(), pit.upper()) : close;
        long top = Math.max(open, close);
        long bottom = Math.min(open, close);
        long high = (dice & 3) == 0 ? Math.min(pit.up(top), pit.upper()) : top;
        long low = (dice & 12) == 0 ? Math.max(Math.max(1, pit.down(bottom)), pit.lower()) : bottom;
        long average = (open + high + low + close) / 4;
        return new Minutes.Bar(minuteOfDay, open, high, low, close, volume, average * volume);
    }

    private long volume(long share, long dice) {
        long usual = (dailyVolume * share << 10) / 1_000_000;
        long more = mix(dice + 2);
        long u = more >>> 48;
        // 1/4 + 9/4 u² over 0..1 has the mean 1; the rest of the dice rounds, so that a tenth of a share is now and
        // then one.
        long noise = (1 << 14) + (9 * u * u >>> 18);
        return usual * noise + (more & (1 << 26) - 1) >>> 26;
    }

    /** About normal, with {@link #SIGMA}. */
    private static long bell(long dice) {
        return (dice & 0xFFFF) + (dice >>> 16 & 0xFFFF) + (dice >>> 32 & 0xFFFF) + (dice >>> 48) - 2 * 0xFFFF;
    }

    static long mix(long z) {
        long a = (z ^ z >>> 30) * 0xBF58476D1CE4E5B9L;
        long b = (a ^ a >>> 27) * 0x94D049BB133111EBL;
        return b ^ b >>> 31;
    }
}

package kr.kisgateway.simulator.exchange;

import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import kr.kisgateway.market.Dated;
import kr.kisgateway.market.Instrument;
import kr.kisgateway.market.Market;
import kr.kisgateway.market.Product;
import kr.kisgateway.market.Venue;

/**
 * What the exchange does beside matching. What is assumed here and not known can be set.
 *
 * @param randomEnd how much longer an auction may last than its session, drawn from the seed for each; zero = none
 * @param interruptions whether a jump of the price interrupts trading (VI); only where sessions are those of the exchange
 * @param resuming how long orders collect on KRX after a halt
 * @param dormantTrading whether stocks trade that nobody looks at
 * @param realTurnover whether agents are as busy in a stock as its listing tells, and not as busy in each
 */
public record MarketRules(
        Duration randomEnd, boolean interruptions, Duration resuming, boolean dormantTrading, boolean realTurnover) {
    /** How long orders collect in a volatility interruption before the random end. */
    static final Duration INTERRUPTION = Duration.ofMinutes(2);

    /** How long orders collect on NXT after a halt. */
    static final Duration RESUMING_NXT = Duration.ofSeconds(30);

    private static final Duration LONGEST_RANDOM_END = Duration.ofSeconds(30);

    /** From when on NXT interrupts trading by itself. */
    private static final List<Dated<Boolean>> NXT_INTERRUPTS =
            List.of(Dated.from("2025-03-04", false), Dated.from("2026-09-14", true));

    /** In thousandths; which stocks count as large is assumed: KOSPI's of a trillion won and more, and funds. */
    private static final long DYNAMIC_LARGE = 30;

    private static final long DYNAMIC_OTHER = 60;
    private static final long STATIC = 100;
    private static final long LARGE = 1_000_000_000_000L;

    public MarketRules {
        if (randomEnd.isNegative() || randomEnd.compareTo(LONGEST_RANDOM_END) > 0) {
            throw new IllegalArgumentException("the random end of an auction is 0 to 30 s, not " + randomEnd);
        }
        if (resuming.isNegative() || resuming.isZero()) {
            throw new IllegalArgumentException("orders collect for some time after a halt, not " + resuming);
        }
    }

    public static MarketRules defaults() {
        return new MarketRules(LONGEST_RANDOM_END, true, Duration.ofMinutes(10), true, false);
    }

    /** The same with other random ends of auctions. */
    public MarketRules withRandomEnd(Duration longest) {
        return new MarketRules(longest, interruptions, resuming, dormantTrading, realTurnover);
    }

    /** The same where a stock that nobody looks at stands still, as it did when all were looked at. */
    public MarketRules withoutDormantTrading() {
        return new MarketRules(randomEnd, interruptions, resuming, false, realTurnover);
    }

    /** The same with agents as busy in each stock as its listing tells: tens of trades a second, or one a minute. */
    public MarketRules withRealTurnover() {
        return new MarketRules(randomEnd, interruptions, resuming, dormantTrading, true);
    }

    /** The same with agents that are as busy in one stock as in another. */
    public MarketRules withEvenTurnover() {
        return new MarketRules(randomEnd, interruptions, resuming, dormantTrading, false);
    }

    boolean interrupts(Venue venue, LocalDate day) {
        return interruptions && (venue == Venue.KRX || Dated.on(day, NXT_INTERRUPTS));
    }

    /** Whether a trade at {@code price} after one at {@code last} is a jump (dynamic VI). */
    static boolean jumps(Instrument instrument, long last, long price) {
        return Math.abs(price - last) * 1_000 >= last * dynamic(instrument);
    }

    /** Whether {@code price} is too far from the last price that an auction made (static VI). */
    static boolean strays(long reference, long price) {
        return Math.abs(price - reference) * 1_000 >= reference * STATIC;
    }

    private static long dynamic(Instrument instrument) {
        boolean large = instrument.product() != Product.STOCK
                || instrument.market() == Market.KOSPI && instrument.close() * instrument.listedShares() >= LARGE;
        return large ? DYNAMIC_LARGE : DYNAMIC_OTHER;
    }
}

package kr.kisgateway.simulator.exchange;

import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import kr.kisgateway.market.Board;
import kr.kisgateway.market.Dated;
import kr.kisgateway.market.Instrument;
import kr.kisgateway.market.Product;
import kr.kisgateway.market.Venue;

/**
 * The exchange's rules beside matching. Those that are assumed can be set.
 *
 * @param randomEnd how much longer an auction may last than its session, drawn from the seed for each; zero = none
 * @param interruptions whether a jump of the price interrupts trading (VI); only where sessions are those of the exchange
 * @param resuming the duration of the auction on KRX after a halt
 * @param dormantTrading whether stocks trade unattended
 * @param realTurnover whether agents are as active in a stock as its listing shows, and not equally active in all
 */
public record MarketRules(
        Duration randomEnd, boolean interruptions, Duration resuming, boolean dormantTrading, boolean realTurnover) {
    /** The duration of the auction in a volatility interruption before the random end. */
    static final Duration INTERRUPTION = Duration.ofMinutes(2);

    /** The duration of the auction on NXT after a halt. */
    static final Duration RESUMING_NXT = Duration.ofSeconds(30);

    private static final Duration LONGEST_RANDOM_END = Duration.ofSeconds(30);

    /** Since when NXT interrupts trading by itself. */
    private static final List<Dated<Boolean>> NXT_INTERRUPTS =
            List.of(Dated.from("2025-03-04", false), Dated.from("2026-09-14", true));

    /** In thousandths; the definition of large stocks is assumed: KOSPI's of a trillion won and more, and funds. */
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

    /** These rules with another random end of auctions. */
    public MarketRules withRandomEnd(Duration longest) {
        return new MarketRules(longest, interruptions, resuming, dormantTrading, realTurnover);
    }

    /** These rules without unattended trading: a stock without requests stands still. */
    public MarketRules withoutDormantTrading() {
        return new MarketRules(randomEnd, interruptions, resuming, false, realTurnover);
    }

    /** These rules with agents as active in each stock as its listing shows: tens of trades a second, or one a minute. */
    public MarketRules withRealTurnover() {
        return new MarketRules(randomEnd, interruptions, resuming, dormantTrading, true);
    }

    /** These rules with agents that are equally active in all stocks. */
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
                || instrument.board() == Board.KOSPI && instrument.close() * instrument.listedShares() >= LARGE;
        return large ? DYNAMIC_LARGE : DYNAMIC_OTHER;
    }
}

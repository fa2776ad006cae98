package kr.kisgateway.gateway.ask;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import kr.kisgateway.market.Session;
import kr.kisgateway.market.TradingCalendar;

/**
 * How long what KIS said of the market is told again. Never into another session: opening and closing end every answer. While
 * something trades never longer than {@link #TRADING_MOST}.
 */
public final class Lifetime {
    /** While something trades nothing is told again after this, whatever is set. */
    public static final Duration TRADING_MOST = Duration.ofSeconds(30);

    /** How long the auction before the opening lasts. */
    private static final Duration AUCTION = Duration.ofMinutes(30);

    private final TradingCalendar calendar;
    private final Duration life;
    private final Duration auction;

    private Lifetime(TradingCalendar calendar, Duration life, Duration auction) {
        this.calendar = calendar;
        this.life = life;
        this.auction = auction;
    }

    /** Of what changes whenever orders come, as a book. */
    public static Lifetime of(TradingCalendar calendar, Duration life) {
        return new Lifetime(calendar, life, shorter(life, TRADING_MOST));
    }

    /**
     * Of what changes with trades alone: in the auction before the opening there are none, so there an answer holds until the
     * opening, unless a life is set.
     *
     * @param usual the life where none is set
     */
    public static Lifetime ofTrades(TradingCalendar calendar, Duration usual, Optional<Duration> set) {
        return new Lifetime(calendar, set.orElse(usual), set.orElse(AUCTION));
    }

    /** Whether what was said at {@code at} may be told again at {@code now}. */
    public boolean holds(Instant at, Instant now) {
        var session = calendar.session(now);
        return Duration.between(at, now).compareTo(in(session)) < 0
                && session == calendar.session(at)
                && calendar.tradingDay(now).equals(calendar.tradingDay(at));
    }

    /** The longest life there is, for a cache that asks {@link #holds} besides. */
    public Duration longest() {
        return life.compareTo(auction) > 0 ? life : auction;
    }

    private Duration in(Session session) {
        return switch (session) {
            case PRE_OPEN_AUCTION -> auction;
            case CLOSED -> life;
            case REGULAR, CLOSING_AUCTION, AFTER_HOURS, AFTER_HOURS_SINGLE_PRICE, AFTER_MARKET ->
                shorter(life, TRADING_MOST);
        };
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }
}

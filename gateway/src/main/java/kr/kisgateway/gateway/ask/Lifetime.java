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
    private final Duration trading;

    private Lifetime(TradingCalendar calendar, Duration life, Duration auction, Duration trading) {
        this.calendar = calendar;
        this.life = life;
        this.auction = auction;
        this.trading = trading;
    }

    /** Of what changes whenever orders come, as a book. */
    public static Lifetime of(TradingCalendar calendar, Duration life) {
        return new Lifetime(calendar, life, shorter(life, TRADING_MOST), shorter(life, TRADING_MOST));
    }

    /**
     * Of what changes with trades alone: in the auction before the opening there are none, so there an answer holds until the
     * opening, unless a life is set.
     *
     * @param usual the life where none is set
     */
    public static Lifetime ofTrades(TradingCalendar calendar, Duration usual, Optional<Duration> set) {
        return new Lifetime(calendar, set.orElse(usual), set.orElse(AUCTION), shorter(set.orElse(usual), TRADING_MOST));
    }

    /** This, and of what other gateways asked for as long as {@code shelf} allows. */
    public Lifetime orOf(Shelf<?, ?> shelf) {
        return new Lifetime(
                calendar,
                longer(life, shelf.life()),
                longer(auction, shelf.repeated()),
                longer(trading, shelf.repeated()));
    }

    /** Whether what was said at {@code at} may be told again at {@code now}. */
    public boolean holds(Instant at, Instant now) {
        return Duration.between(at, now).compareTo(in(calendar.session(now))) < 0 && isOfSession(at, now);
    }

    /** Whether {@code at} is of the same session of the same trading day as {@code now}. */
    public boolean isOfSession(Instant at, Instant now) {
        return calendar.session(now) == calendar.session(at)
                && calendar.tradingDay(now).equals(calendar.tradingDay(at));
    }

    /** The longest life there is, for a cache that asks {@link #holds} besides. */
    public Duration longest() {
        return longer(life, auction);
    }

    private Duration in(Session session) {
        return switch (session) {
            case PRE_OPEN_AUCTION -> auction;
            case CLOSED -> life;
            case REGULAR, CLOSING_AUCTION, AFTER_HOURS, AFTER_HOURS_SINGLE_PRICE, AFTER_MARKET -> trading;
        };
    }

    private static Duration longer(Duration one, Duration other) {
        return one.compareTo(other) > 0 ? one : other;
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }
}

package kr.kisgateway.gateway.ask;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import kr.kisgateway.market.Session;
import kr.kisgateway.market.TradingCalendar;

/**
 * How long what KIS said of the market is told again. Never into another session: opening and closing end every answer. While
 * something trades never longer than {@link #TRADING_MAX}.
 */
public final class AnswerLifetime {
    /** While something trades nothing is told again after this, whatever is set. */
    public static final Duration TRADING_MAX = Duration.ofSeconds(30);

    /** How long the auction before the opening lasts. */
    private static final Duration AUCTION_DURATION = Duration.ofMinutes(30);

    private final TradingCalendar calendar;
    private final Duration closedLife;
    private final Duration auctionLife;
    private final Duration tradingLife;

    private AnswerLifetime(TradingCalendar calendar, Duration life, Duration auction, Duration trading) {
        this.calendar = calendar;
        this.closedLife = life;
        this.auctionLife = auction;
        this.tradingLife = trading;
    }

    /** Of what changes whenever orders come, as a book. */
    public static AnswerLifetime of(TradingCalendar calendar, Duration life) {
        return new AnswerLifetime(calendar, life, shorter(life, TRADING_MAX), shorter(life, TRADING_MAX));
    }

    /**
     * Of what changes with trades alone: in the auction before the opening there are none, so there an answer holds until the
     * opening, unless a life is set.
     *
     * @param defaultLife the life where none is set
     */
    public static AnswerLifetime ofTrades(
            TradingCalendar calendar, Duration defaultLife, Optional<Duration> configured) {
        return new AnswerLifetime(
                calendar,
                configured.orElse(defaultLife),
                configured.orElse(AUCTION_DURATION),
                shorter(configured.orElse(defaultLife), TRADING_MAX));
    }

    /** This, and of what other gateways asked for as long as {@code shelf} allows. */
    public AnswerLifetime extendedBy(SharedCache<?, ?> sharedCache) {
        return new AnswerLifetime(
                calendar,
                longer(closedLife, sharedCache.life()),
                longer(auctionLife, sharedCache.tradingLife()),
                longer(tradingLife, sharedCache.tradingLife()));
    }

    /** Whether what was said at {@code at} may be told again at {@code now}. */
    public boolean isFresh(Instant at, Instant now) {
        return Duration.between(at, now).compareTo(lifeDuring(calendar.session(now))) < 0 && isSameSession(at, now);
    }

    /** Whether {@code at} is of the same session of the same trading day as {@code now}. */
    public boolean isSameSession(Instant at, Instant now) {
        return calendar.session(now) == calendar.session(at)
                && calendar.tradingDay(now).equals(calendar.tradingDay(at));
    }

    /** The longest life there is, for a cache that asks {@link #isFresh} besides. */
    public Duration longest() {
        return longer(closedLife, auctionLife);
    }

    private Duration lifeDuring(Session session) {
        return switch (session) {
            case PRE_OPEN_AUCTION -> auctionLife;
            case CLOSED -> closedLife;
            case REGULAR, CLOSING_AUCTION, AFTER_HOURS, AFTER_HOURS_SINGLE_PRICE, AFTER_MARKET -> tradingLife;
        };
    }

    private static Duration longer(Duration one, Duration other) {
        return one.compareTo(other) > 0 ? one : other;
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }
}

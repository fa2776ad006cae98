package kr.kisgateway.gateway.cache;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import kr.kisgateway.market.MarketCalendar;
import kr.kisgateway.market.MarketSession;

/**
 * How long an answer of KIS about a market is served. Never into another session: opening and closing end every
 * answer. During trading never longer than {@link #TRADING_MAX}.
 */
public final class AnswerLifetime {
    /** During trading no answer is served for longer than this, whatever the settings. */
    public static final Duration TRADING_MAX = Duration.ofSeconds(30);

    /** Duration of the auction before the opening. */
    private static final Duration AUCTION_DURATION = Duration.ofMinutes(30);

    private final MarketCalendar calendar;
    private final Duration closedLife;
    private final Duration auctionLife;
    private final Duration tradingLife;

    private AnswerLifetime(MarketCalendar calendar, Duration life, Duration auction, Duration trading) {
        this.calendar = calendar;
        this.closedLife = life;
        this.auctionLife = auction;
        this.tradingLife = trading;
    }

    /** For data that changes with every order, such as a book. */
    public static AnswerLifetime of(MarketCalendar calendar, Duration life) {
        return new AnswerLifetime(calendar, life, shorter(life, TRADING_MAX), shorter(life, TRADING_MAX));
    }

    /**
     * For data that changes with trades alone: the auction before the opening has none, so an answer is valid until the
     * opening, unless a life is set.
     *
     * @param defaultLife the life where none is set
     */
    public static AnswerLifetime ofTrades(
            MarketCalendar calendar, Duration defaultLife, Optional<Duration> configured) {
        return new AnswerLifetime(
                calendar,
                configured.orElse(defaultLife),
                configured.orElse(AUCTION_DURATION),
                shorter(configured.orElse(defaultLife), TRADING_MAX));
    }

    /** This lifetime, extended to what the shared cache allows for answers of other gateways. */
    public AnswerLifetime extendedBy(SharedCache<?, ?> sharedCache) {
        return new AnswerLifetime(
                calendar,
                longer(closedLife, sharedCache.life()),
                longer(auctionLife, sharedCache.tradingLife()),
                longer(tradingLife, sharedCache.tradingLife()));
    }

    /** Whether an answer received at {@code at} may be served at {@code now}. */
    public boolean isFresh(Instant at, Instant now) {
        return Duration.between(at, now).compareTo(lifeDuring(calendar.session(now))) < 0
                && calendar.isSameSession(at, now);
    }

    /** Whether {@code at} is in the same session of the same trading day as {@code now}. */
    public boolean isSameSession(Instant at, Instant now) {
        return calendar.isSameSession(at, now);
    }

    /** The longest possible life, for a cache that also checks {@link #isFresh}. */
    public Duration longest() {
        return longer(closedLife, auctionLife);
    }

    private Duration lifeDuring(MarketSession session) {
        if (!session.isOpen()) {
            return closedLife;
        }
        return session.isBeforeTrading() ? auctionLife : tradingLife;
    }

    private static Duration longer(Duration one, Duration other) {
        return one.compareTo(other) > 0 ? one : other;
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }
}

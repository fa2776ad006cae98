package kr.kisgateway.gateway.quote;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import kr.kisgateway.gateway.ask.Lifetime;
import kr.kisgateway.gateway.quote.Quote.State;
import kr.kisgateway.gateway.settings.Settings;
import kr.kisgateway.gateway.settings.Settings.WsHours;
import kr.kisgateway.market.Session;
import kr.kisgateway.market.TradingCalendar;

/**
 * When a pushed value may answer a quote, and when a value is stale. Pure: calendar, times and settings in, a word out.
 *
 * <p>A pushed value is as good as its feed: a stock that nobody trades for ten minutes still costs what its last trade
 * said, as long as KIS would have told us otherwise. So it is healthy while its registration stands and the socket
 * gives signs of life; only without that does its age count.
 */
public final class QuoteRule {
    private final TradingCalendar calendar;
    private final Settings.Quotes settings;

    public QuoteRule(TradingCalendar calendar, Settings.Quotes settings) {
        this.calendar = calendar;
        this.settings = settings;
    }

    /** What the market is doing at {@code now}. */
    public Session session(Instant now) {
        return calendar.session(now);
    }

    /** Whether a pushed value may answer in {@code session}; outside, REST knows the closing figures better. */
    public boolean isPushHour(Session session) {
        return switch (session) {
            case REGULAR, CLOSING_AUCTION -> true;
            case CLOSED -> false;
            case PRE_OPEN_AUCTION, AFTER_HOURS, AFTER_HOURS_SINGLE_PRICE, AFTER_MARKET ->
                settings.wsHours() == WsHours.ALL;
        };
    }

    /**
     * @param live whether the symbol's registration stands without a gap
     * @param lastSign when the socket last said anything
     * @param ageMillis age of the pushed value
     */
    public State pushed(boolean live, Optional<Instant> lastSign, long ageMillis, Instant now) {
        if (live && isBeating(lastSign, now)) {
            return State.HEALTHY;
        }
        return aged(ageMillis);
    }

    /** Whether a value of {@code at} is still one of the same session of the same day: opening and closing end them all. */
    public boolean isOfNow(Instant at, Instant now) {
        return calendar.session(at) == calendar.session(now)
                && calendar.tradingDay(at).equals(calendar.tradingDay(now));
    }

    /** Whether a price that was asked for at {@code at} may be told again instead of asking anew. */
    public boolean isFresh(Instant at, Instant now, Duration life) {
        // While the market trades a price is old after seconds, however long a cache may keep it.
        var most = switch (session(now)) {
            case CLOSED, PRE_OPEN_AUCTION -> life;
            case REGULAR, CLOSING_AUCTION, AFTER_HOURS, AFTER_HOURS_SINGLE_PRICE, AFTER_MARKET ->
                shorter(life, Lifetime.TRADING_MOST);
        };
        if (isPushHour(session(now))) {
            most = shorter(most, settings.staleAfter());
        }
        return isOfNow(at, now) && Duration.between(at, now).compareTo(most) <= 0;
    }

    /** The longest that anything is told again while pushed values are told. */
    public Duration longestWhileTrading() {
        return shorter(Lifetime.TRADING_MOST, settings.staleAfter());
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    /** How long a price that KIS told is told again from memory: a second, or what is {@code set}. */
    public Lifetime life(Optional<Duration> set) {
        return Lifetime.ofTrades(calendar, Duration.ofSeconds(1), set);
    }

    /** Whether the socket gave a sign of life within the heartbeat. */
    public boolean isBeating(Optional<Instant> lastSign, Instant now) {
        return lastSign.isPresent() && Duration.between(lastSign.get(), now).compareTo(settings.heartbeat()) <= 0;
    }

    /** The state of what KIS told at {@code at}: before the opening nothing trades, so what it told then holds. */
    public State asked(Instant at, Instant now) {
        return session(now) == Session.PRE_OPEN_AUCTION && isOfNow(at, now)
                ? State.HEALTHY
                : aged(Math.max(0, Duration.between(at, now).toMillis()));
    }

    /** The state of a value of which only the age is known. */
    public State aged(long ageMillis) {
        return ageMillis > settings.staleAfter().toMillis() ? State.STALE : State.HEALTHY;
    }
}

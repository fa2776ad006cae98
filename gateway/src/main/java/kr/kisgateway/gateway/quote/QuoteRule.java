package kr.kisgateway.gateway.quote;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import kr.kisgateway.gateway.cache.AnswerLifetime;
import kr.kisgateway.gateway.quote.Quote.State;
import kr.kisgateway.gateway.settings.Settings;
import kr.kisgateway.gateway.settings.Settings.WsHours;
import kr.kisgateway.market.MarketCalendar;
import kr.kisgateway.market.MarketSession;
import kr.kisgateway.market.PriceSeries;
import kr.kisgateway.market.TradingCalendar;
import kr.kisgateway.market.Venue;
import kr.kisgateway.market.VenueHours;

/**
 * Decides when a pushed value may answer a quote, and when a value is stale. Pure: depends on calendar, times and settings
 * alone.
 *
 * <p>A pushed value is as good as its feed: a stock without trades for ten minutes still costs what its last trade cost, as
 * long as KIS would have pushed a change. So it is healthy while its registration stands and the socket is alive; only
 * without that does its age count.
 */
public final class QuoteRule {
    private final MarketCalendar calendar;
    private final Settings.Quotes settings;
    /** The hours of KRX and NXT; empty for another market. */
    private final Optional<VenueHours> venues;

    public QuoteRule(MarketCalendar calendar, Settings.Quotes settings) {
        this.calendar = calendar;
        this.settings = settings;
        this.venues =
                calendar instanceof TradingCalendar korean ? Optional.of(VenueHours.of(korean)) : Optional.empty();
    }

    /** Session of the market at {@code now}. */
    public MarketSession session(Instant now) {
        return calendar.session(now);
    }

    /** The price series of the market. */
    public Set<PriceSeries> series() {
        return calendar.series();
    }

    /** Whether a pushed value may answer in {@code session}; outside, REST has the better closing figures. */
    public boolean isPushHour(MarketSession session) {
        return session.setsPrice() || session.isOpen() && settings.wsHours() == WsHours.ALL;
    }

    /**
     * Whether a value of a venue that was pushed at {@code at} may answer now: it is one of today, and the venue, or of both
     * together either, trades without an auction. Before the first trade of a day the last one is that of the day before.
     */
    public boolean isVenuePushHour(PriceSeries series, Instant at, Instant now) {
        return venues.filter(hours -> isContinuous(hours, series, now)).isPresent()
                && calendar.tradingDay(at).equals(calendar.tradingDay(now));
    }

    /** Whether KRX or NXT matches orders as they arrive. */
    public boolean isContinuous(Venue venue, Instant now) {
        return venues.filter(hours -> hours.bookPhase(venue, now).phase().isContinuous())
                .isPresent();
    }

    private static boolean isContinuous(VenueHours hours, PriceSeries series, Instant now) {
        var nxt = hours.bookPhase(Venue.NXT, now).phase();
        if (series == PriceSeries.NXT) {
            return nxt.isContinuous();
        }
        var krx = hours.bookPhase(Venue.KRX, now).phase();
        return (nxt.isContinuous() || krx.isContinuous()) && !nxt.isAuction() && !krx.isAuction();
    }

    /**
     * @param live whether the symbol's registration stands without a gap
     * @param lastActivity when the socket last received anything
     * @param ageMillis age of the pushed value
     */
    public State stateOfPush(boolean live, Optional<Instant> lastActivity, long ageMillis, Instant now) {
        if (live && isFeedAlive(lastActivity, now)) {
            return State.HEALTHY;
        }
        return stateOfAge(ageMillis);
    }

    /** Whether {@code at} is in the same session of the same day as {@code now}: opening and closing end every value. */
    public boolean isSameSession(Instant at, Instant now) {
        return calendar.isSameSession(at, now);
    }

    /** Whether a price requested at {@code at} may still be served without another request. */
    public boolean isFresh(Instant at, Instant now, Duration life) {
        // During trading a price is old after seconds, however long a cache may retain it.
        var session = session(now);
        boolean trading = session.isOpen() && !session.isBeforeTrading();
        var ageMax = trading ? shorter(life, AnswerLifetime.TRADING_MAX) : life;
        if (isPushHour(session)) {
            ageMax = shorter(ageMax, settings.staleAfter());
        }
        return isSameSession(at, now) && Duration.between(at, now).compareTo(ageMax) <= 0;
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    /** How long a price of KIS is served from memory: a second, or {@code configured}. */
    public AnswerLifetime lifetime(Optional<Duration> configured) {
        return AnswerLifetime.ofTrades(calendar, Duration.ofSeconds(1), configured);
    }

    /** Whether the socket showed activity within the heartbeat. */
    public boolean isFeedAlive(Optional<Instant> lastActivity, Instant now) {
        return lastActivity.isPresent()
                && Duration.between(lastActivity.get(), now).compareTo(settings.heartbeat()) <= 0;
    }

    /** State of an answer received from KIS at {@code at}: before the opening nothing trades, so it stays valid. */
    public State stateOfRest(Instant at, Instant now) {
        return session(now).isBeforeTrading() && isSameSession(at, now)
                ? State.HEALTHY
                : stateOfAge(Math.max(0, Duration.between(at, now).toMillis()));
    }

    /** State of a value of which only the age is known. */
    public State stateOfAge(long ageMillis) {
        return ageMillis > settings.staleAfter().toMillis() ? State.STALE : State.HEALTHY;
    }
}

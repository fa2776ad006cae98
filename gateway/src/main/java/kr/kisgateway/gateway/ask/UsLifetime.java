package kr.kisgateway.gateway.ask;

import java.time.Duration;
import java.time.Instant;
import kr.kisgateway.market.UsHours;

/**
 * How long what KIS said of American stocks is told again. Never into another session of New York's, the day market's among
 * them, or another date's: opening and closing end every answer.
 */
public final class UsLifetime {
    private final UsHours hours;
    private final Duration closed;
    private final Duration open;

    /**
     * @param life while nothing trades
     * @param openMost the longest while something trades, whatever {@code life} says
     */
    public UsLifetime(UsHours hours, Duration life, Duration openMost) {
        this.hours = hours;
        this.closed = life;
        this.open = life.compareTo(openMost) < 0 ? life : openMost;
    }

    /** Of what changes whenever orders come, as a book: from memory for {@code life}, from other gateways for theirs. */
    public static UsLifetime orOf(Shelf<?, ?> shelf, UsHours hours, Duration life) {
        var here = life.compareTo(Lifetime.TRADING_MOST) < 0 ? life : Lifetime.TRADING_MOST;
        return new UsLifetime(
                hours,
                life.compareTo(shelf.life()) > 0 ? life : shelf.life(),
                here.compareTo(shelf.repeated()) > 0 ? here : shelf.repeated());
    }

    /** Whether what was said at {@code at} may be told again at {@code now}. */
    public boolean holds(Instant at, Instant now) {
        var window = hours.at(now);
        var then = hours.at(at);
        return then.session() == window.session()
                && then.date().equals(window.date())
                && Duration.between(at, now).compareTo(window.session().isOpen() ? open : closed) < 0;
    }
}

package kr.kisgateway.gateway.ask;

import java.time.Duration;
import java.time.Instant;
import kr.kisgateway.market.UsHours;

/**
 * How long what KIS said of American stocks is told again. Never into another session of New York's, the day market's among
 * them, or another date's: opening and closing end every answer.
 */
public final class UsAnswerLifetime {
    private final UsHours hours;
    private final Duration closedLife;
    private final Duration openLife;

    /**
     * @param life while nothing trades
     * @param openMax the longest while something trades, whatever {@code life} says
     */
    public UsAnswerLifetime(UsHours hours, Duration life, Duration openMax) {
        this.hours = hours;
        this.closedLife = life;
        this.openLife = life.compareTo(openMax) < 0 ? life : openMax;
    }

    /** Of what changes whenever orders come, as a book: from memory for {@code life}, from other gateways for theirs. */
    public static UsAnswerLifetime extendedBy(SharedCache<?, ?> sharedCache, UsHours hours, Duration life) {
        var ownLife = life.compareTo(AnswerLifetime.TRADING_MAX) < 0 ? life : AnswerLifetime.TRADING_MAX;
        return new UsAnswerLifetime(
                hours,
                life.compareTo(sharedCache.life()) > 0 ? life : sharedCache.life(),
                ownLife.compareTo(sharedCache.tradingLife()) > 0 ? ownLife : sharedCache.tradingLife());
    }

    /** Whether what was said at {@code at} may be told again at {@code now}. */
    public boolean isFresh(Instant at, Instant now) {
        var currentWindow = hours.at(now);
        var answerWindow = hours.at(at);
        return answerWindow.session() == currentWindow.session()
                && answerWindow.date().equals(currentWindow.date())
                && Duration.between(at, now).compareTo(currentWindow.session().isOpen() ? openLife : closedLife) < 0;
    }
}

package kr.kisgateway.gateway.cache;

import java.time.Duration;
import java.time.Instant;
import kr.kisgateway.market.UsHours;

/**
 * How long an answer of KIS about US stocks is served. Never into another session of New York's, including the day market, or
 * another date's: opening and closing end every answer.
 */
public final class UsAnswerLifetime {
    private final UsHours hours;
    private final Duration closedLife;
    private final Duration openLife;

    /**
     * @param life while nothing trades
     * @param openMax maximum during trading, whatever {@code life} is
     */
    public UsAnswerLifetime(UsHours hours, Duration life, Duration openMax) {
        this.hours = hours;
        this.closedLife = life;
        this.openLife = life.compareTo(openMax) < 0 ? life : openMax;
    }

    /**
     * For data that changes with every order, such as a book: {@code life} from memory, the shared cache's life from other
     * gateways.
     */
    public static UsAnswerLifetime extendedBy(SharedCache<?, ?> sharedCache, UsHours hours, Duration life) {
        var ownLife = life.compareTo(AnswerLifetime.TRADING_MAX) < 0 ? life : AnswerLifetime.TRADING_MAX;
        return new UsAnswerLifetime(
                hours,
                life.compareTo(sharedCache.life()) > 0 ? life : sharedCache.life(),
                ownLife.compareTo(sharedCache.tradingLife()) > 0 ? ownLife : sharedCache.tradingLife());
    }

    /** Whether an answer received at {@code at} may be served at {@code now}. */
    public boolean isFresh(Instant at, Instant now) {
        var currentWindow = hours.at(now);
        var answerWindow = hours.at(at);
        return answerWindow.session() == currentWindow.session()
                && answerWindow.date().equals(currentWindow.date())
                && Duration.between(at, now).compareTo(currentWindow.session().isOpen() ? openLife : closedLife) < 0;
    }
}

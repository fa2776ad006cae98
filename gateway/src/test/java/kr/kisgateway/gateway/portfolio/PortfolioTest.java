package kr.kisgateway.gateway.portfolio;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import kr.kisgateway.gateway.error.ErrorCode;
import kr.kisgateway.gateway.error.Refusal;
import kr.kisgateway.gateway.portfolio.PortfolioSource.Answer;
import kr.kisgateway.gateway.quote.Clock;
import kr.kisgateway.market.Symbol;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("G-16")
class PortfolioTest {
    private final Clock clock = new Clock("2026-11-20T02:00:00Z");
    private final AtomicInteger calls = new AtomicInteger();
    private volatile boolean down;
    private volatile Runnable meanwhile = () -> {};
    private final Portfolio portfolio = new Portfolio(
            Optional.of(new PortfolioSource() {
                @Override
                public boolean knows(String accountId) {
                    return accountId.equals("A1");
                }

                @Override
                public Answer fetch(String accountId, Instant deadline) {
                    calls.incrementAndGet();
                    var askedAt = clock.instant();
                    meanwhile.run();
                    return down
                            ? new Answer.Failed(Refusal.of(ErrorCode.PORTFOLIO_PROVIDER_UNAVAILABLE, "down"))
                            : new Answer.Got(new Holdings(
                                    new Holdings.Cash(1, 2, 3, 4),
                                    List.of(new Holdings.Position(
                                            new Symbol("005930"), "삼성전자", 10, 7, BigDecimal.TEN, 1, 1, 1, 0)),
                                    askedAt));
                }
            }),
            clock);

    @Test
    void one_question_serves_a_second_and_a_fill_makes_the_answer_worthless() {
        portfolio.holdings("A1");
        portfolio.holdings("A1");
        assertThat(calls).hasValue(1);

        portfolio.invalidate();
        portfolio.holdings("A1");
        assertThat(calls).hasValue(2);

        clock.advance(Duration.ofMillis(1000));
        portfolio.holdings("A1");
        assertThat(calls).hasValue(3);
    }

    @Test
    void an_answer_that_was_on_its_way_when_a_fill_came_is_not_kept() {
        meanwhile = portfolio::invalidate;
        portfolio.holdings("A1");
        meanwhile = () -> {};
        portfolio.holdings("A1");

        assertThat(calls).hasValue(2);
    }

    @Test
    void what_can_be_sold_is_what_kis_says_or_unknown() {
        assertThat(portfolio.sellable("A1", new Symbol("005930")))
                .isEqualTo(new PositionView.Known(7, clock.instant()));
        assertThat(portfolio.sellable("A1", new Symbol("000660")))
                .isEqualTo(new PositionView.Known(0, clock.instant()));

        down = true;
        portfolio.invalidate();
        assertThat(portfolio.sellable("A1", new Symbol("005930"))).isInstanceOf(PositionView.Unavailable.class);
    }

    @Test
    void unknown_accounts_and_a_missing_source_have_their_codes() {
        assertThat(code(portfolio.holdings("B9"))).isEqualTo(ErrorCode.ACCOUNT_NOT_FOUND);
        assertThat(code(new Portfolio(Optional.empty(), clock).holdings("A1")))
                .isEqualTo(ErrorCode.PORTFOLIO_PROVIDER_NOT_CONFIGURED);
    }

    private static ErrorCode code(Answer answer) {
        assertThat(answer).isInstanceOf(Answer.Failed.class);
        return ((Answer.Failed) answer).refusal().code();
    }
}

package kr.kisgateway.gateway.portfolio;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicInteger;
import kr.kisgateway.gateway.error.ErrorCode;
import kr.kisgateway.gateway.error.Refusal;
import kr.kisgateway.gateway.portfolio.PortfolioSource.Answer;
import kr.kisgateway.gateway.quote.Clock;
import kr.kisgateway.gateway.quote.MapShelf;
import kr.kisgateway.gateway.risk.AccountFigures;
import kr.kisgateway.market.Symbol;
import kr.kisgateway.requirement.Requirement;
import org.junit.jupiter.api.Test;

@Requirement("G-16")
class PortfolioTest {
    private static final Symbol SAMSUNG = new Symbol("005930");

    private final Clock clock = new Clock("2026-11-20T02:00:00Z");
    private final AtomicInteger calls = new AtomicInteger();
    private final Deque<Runnable> background = new ArrayDeque<>();
    private volatile boolean down;
    private volatile Runnable meanwhile = () -> {};
    private final PortfolioSource source = new PortfolioSource() {
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
                            new Holdings.Cash(1, 2, 3, 4, OptionalLong.of(-5)),
                            List.of(new Holdings.Position(SAMSUNG, "삼성전자", 10, 7, BigDecimal.TEN, 1, 1, 1, 0)),
                            askedAt));
        }
    };
    private final Portfolio portfolio = new Portfolio(Optional.of(source), clock, background::add);

    @Test
    @Requirement(value = "A-07", clause = "l1")
    @Requirement(value = "A-07", clause = "fill")
    void one_question_serves_a_second_and_a_fill_makes_the_answer_worthless() {
        portfolio.ask("A1");
        portfolio.ask("A1");
        assertThat(calls).hasValue(1);

        portfolio.invalidate();
        portfolio.ask("A1");
        assertThat(calls).hasValue(2);

        clock.advance(Duration.ofMillis(1000));
        portfolio.ask("A1");
        assertThat(calls).hasValue(3);
    }

    @Test
    @Requirement(value = "A-07", clause = "fill")
    void an_answer_that_was_on_its_way_when_a_fill_came_is_not_kept() {
        meanwhile = portfolio::invalidate;
        portfolio.ask("A1");
        meanwhile = () -> {};
        portfolio.ask("A1");

        assertThat(calls).hasValue(2);
    }

    @Test
    @Requirement(value = "A-07", clause = "fill")
    void an_answer_of_another_gateway_serves_until_a_fill_is_known_here_or_there() {
        var shelf = new MapShelf<String, Holdings>(Duration.ofSeconds(30));
        var here = shared(shelf);
        var there = shared(shelf);
        there.ask("A1");
        assertThat(calls).hasValue(1);
        clock.advance(Duration.ofSeconds(20));
        here.ask("A1");
        assertThat(calls).as("twenty seconds old").hasValue(1);
        assertThat(here.forOrder("A1").holdings()).isInstanceOf(Seen.Known.class);
        assertThat(calls).as("an order is judged by what was asked for here").hasValue(2);

        here.invalidate();
        here.ask("A1");
        assertThat(calls).as("known here, and not yet published").hasValue(3);
        there.ask("A1");
        assertThat(calls).as("what was asked for after the fill serves both").hasValue(3);
        there.invalidate();
        background.forEach(Runnable::run);
        here.ask("A1");
        assertThat(calls)
                .as("known there, though this gateway's own answer is younger than a second")
                .hasValue(4);
        clock.advance(Duration.ofSeconds(30));
        here.ask("A1");
        assertThat(calls).as("too old").hasValue(5);
    }

    private Portfolio shared(MapShelf<String, Holdings> shelf) {
        return new Portfolio(Optional.of(source), shelf, List.of("A1"), clock, background::add);
    }

    @Test
    void while_kis_fails_the_last_answer_is_told_with_its_age_and_after_ten_minutes_it_is_unknown() {
        var told = clock.instant();
        portfolio.ask("A1");
        down = true;
        clock.advance(Duration.ofMinutes(9));
        var stale = portfolio.ask("A1");
        assertThat(stale.holdings())
                .isInstanceOfSatisfying(
                        Seen.Stale.class, seen -> assertThat(seen.askedAt()).isEqualTo(told));
        assertThat(stale.refusal().orElseThrow().code()).isEqualTo(ErrorCode.PORTFOLIO_PROVIDER_UNAVAILABLE);
        clock.advance(Duration.ofMinutes(1));
        assertThat(portfolio.ask("A1").holdings()).isInstanceOf(Seen.Unknown.class);
    }

    @Test
    void without_any_answer_the_account_is_unknown_and_never_empty() {
        down = true;
        assertThat(portfolio.ask("A1").holdings()).isInstanceOf(Seen.Unknown.class);
        assertThat(portfolio.forOrder("A1").holdings()).isInstanceOf(Seen.Unknown.class);
    }

    @Test
    void after_a_failure_nobody_asks_for_a_second() {
        down = true;
        portfolio.ask("A1");
        portfolio.ask("A1");
        portfolio.forOrder("A1");
        assertThat(calls).hasValue(1);
        clock.advance(Duration.ofSeconds(1));
        down = false;
        assertThat(portfolio.ask("A1").holdings()).isInstanceOf(Seen.Known.class);
    }

    @Test
    @Requirement("A-07")
    void a_thousand_orders_a_second_with_fills_between_them_cost_one_question_in_five_seconds() {
        for (int i = 0; i < 10_000; i++) {
            assertThat(portfolio.forOrder("A1").holdings()).isInstanceOf(Seen.Known.class);
            portfolio.invalidate();
            clock.advance(Duration.ofMillis(1));
            while (!background.isEmpty()) {
                background.remove().run();
            }
        }
        assertThat(calls).hasValue(2);
    }

    @Test
    @Requirement("A-07")
    void an_answer_that_is_too_old_for_orders_is_renewed_while_they_wait() {
        portfolio.forOrder("A1");
        clock.advance(Portfolio.ORDER_AGE_MAX);
        assertThat(portfolio.forOrder("A1").holdings())
                .isInstanceOfSatisfying(
                        Seen.Known.class, seen -> assertThat(seen.askedAt()).isEqualTo(clock.instant()));
        clock.advance(Portfolio.ORDER_RENEW);
        portfolio.forOrder("A1");
        portfolio.forOrder("A1");
        assertThat(background).hasSize(1);
        down = true;
        clock.advance(Portfolio.ORDER_AGE_MAX);
        assertThat(portfolio.forOrder("A1").holdings()).isInstanceOf(Seen.Stale.class);
    }

    @Test
    void figures_of_a_symbol_are_what_kis_says_and_a_symbol_that_is_not_named_is_not_held() {
        var holdings = portfolio.ask("A1").holdings();
        assertThat(AccountFigures.of(holdings, SAMSUNG))
                .isEqualTo(new Seen.Known<>(new AccountFigures(1, 10, 7, OptionalLong.of(-5)), clock.instant()));
        assertThat(AccountFigures.of(holdings, new Symbol("000660")))
                .isEqualTo(new Seen.Known<>(new AccountFigures(1, 0, 0, OptionalLong.of(-5)), clock.instant()));
        assertThat(AccountFigures.of(new Seen.Unknown<>("why"), SAMSUNG)).isEqualTo(new Seen.Unknown<>("why"));
    }

    @Test
    void unknown_accounts_and_a_missing_source_have_their_codes() {
        assertThat(code(portfolio.ask("B9"))).isEqualTo(ErrorCode.ACCOUNT_NOT_FOUND);
        var none = new Portfolio(Optional.empty(), clock, background::add);
        assertThat(code(none.ask("A1"))).isEqualTo(ErrorCode.PORTFOLIO_PROVIDER_NOT_CONFIGURED);
        assertThat(code(none.forOrder("A1"))).isEqualTo(ErrorCode.PORTFOLIO_PROVIDER_NOT_CONFIGURED);
    }

    private static ErrorCode code(HoldingsView view) {
        assertThat(view.holdings()).isInstanceOf(Seen.Unknown.class);
        return view.refusal().orElseThrow().code();
    }

    @Test
    void an_answer_from_before_the_clock_was_set_back_serves_nobody() {
        portfolio.ask("A1");
        clock.advance(Duration.ofHours(-1));

        assertThat(portfolio.forOrder("A1").holdings())
                .isInstanceOfSatisfying(
                        Seen.Known.class, seen -> assertThat(seen.askedAt()).isEqualTo(clock.instant()));
        portfolio.ask("A1");
        assertThat(calls).hasValue(2);
    }
}

package kr.kisgateway.gateway.instrument;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import kr.kisgateway.api.error.ErrorCode;
import kr.kisgateway.gateway.error.Refusal;
import kr.kisgateway.gateway.error.Result;
import kr.kisgateway.market.Instruments;
import kr.kisgateway.market.KrxCalendar;
import kr.kisgateway.market.Markets;
import kr.kisgateway.market.NxtListing;
import kr.kisgateway.market.Symbol;
import org.junit.jupiter.api.Test;

class NxtEligibilityTest {
    private static final Symbol SAMSUNG = new Symbol("005930");
    private static final Symbol FUND = new Symbol("069500");
    private static final Instant MORNING = Instant.parse("2026-11-23T00:30:00Z");

    private final CurrentListing listing = new CurrentListing(
            ShippedListing.of(Instruments.load(), NxtListing.load(), Markets.standard()), Markets.standard());
    private final AtomicReference<Instant> now = new AtomicReference<>(MORNING);
    private final List<Symbol> requests = new ArrayList<>();
    private Result<Boolean> answer = Result.success(false);
    private final NxtEligibility eligibility = new NxtEligibility(
            listing,
            (symbol, _) -> {
                requests.add(symbol);
                return answer;
            },
            new KrxCalendar(),
            now::get);

    private boolean isOnNxt(Symbol symbol) {
        return listing.current().find(symbol.code()).orElseThrow() instanceof Listed.Korean korean && korean.onNxt();
    }

    @Test
    void the_brokers_answer_of_the_day_replaces_the_shipped_one_and_is_requested_once() {
        assertThat(isOnNxt(SAMSUNG)).isTrue();
        List<ListingChange> changes = new ArrayList<>();
        listing.onChange(changes::add);
        assertThat(eligibility.confirmed(SAMSUNG)).contains(false);
        assertThat(eligibility.confirmed(SAMSUNG)).contains(false);
        assertThat(isOnNxt(SAMSUNG)).isFalse();
        assertThat(requests).containsExactly(SAMSUNG);
        assertThat(changes)
                .singleElement()
                .satisfies(change -> assertThat(change.changed()).containsExactly(SAMSUNG));
    }

    @Test
    void another_day_is_requested_again() {
        eligibility.confirmed(SAMSUNG);
        now.set(MORNING.plus(Duration.ofDays(1)));
        answer = Result.success(true);
        assertThat(eligibility.confirmed(SAMSUNG)).contains(true);
        assertThat(isOnNxt(SAMSUNG)).isTrue();
        assertThat(requests).hasSize(2);
    }

    @Test
    void without_an_answer_the_list_stays_and_the_broker_is_requested_again_after_a_minute() {
        answer = Result.refused(Refusal.of(ErrorCode.UPSTREAM_TIMEOUT, "no answer"));
        assertThat(eligibility.confirmed(SAMSUNG)).isEmpty();
        assertThat(eligibility.confirmed(SAMSUNG)).isEmpty();
        assertThat(isOnNxt(SAMSUNG)).isTrue();
        assertThat(requests).hasSize(1);
        now.set(MORNING.plus(Duration.ofMinutes(1)));
        answer = Result.success(false);
        assertThat(eligibility.confirmed(SAMSUNG)).contains(false);
    }

    @Test
    void a_refreshed_list_keeps_the_answers() {
        answer = Result.success(true);
        assertThat(isOnNxt(FUND)).isFalse();
        eligibility.confirmed(FUND);
        listing.replace(ShippedListing.of(Instruments.load(), NxtListing.load(), Markets.standard()));
        assertThat(isOnNxt(FUND)).isTrue();
    }

    @Test
    void an_unlisted_symbol_is_not_requested() {
        assertThat(eligibility.confirmed(new Symbol("999999"))).isEmpty();
        assertThat(requests).isEmpty();
    }
}

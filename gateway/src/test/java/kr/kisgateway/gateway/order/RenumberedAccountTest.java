package kr.kisgateway.gateway.order;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import kr.kisgateway.api.error.ErrorCode;
import kr.kisgateway.gateway.error.Refusal;
import kr.kisgateway.gateway.journal.JournalException;
import kr.kisgateway.gateway.risk.LiveGuards;
import kr.kisgateway.market.Commissions;
import kr.kisgateway.market.Side;
import org.junit.jupiter.api.Test;

/** The account behind an alias changes between two starts: what the journal recorded of the former one. */
class RenumberedAccountTest {
    private static final AccountFingerprint FORMER = new AccountFingerprint("key", "former");
    private static final AccountFingerprint OTHER = new AccountFingerprint("key", "other");
    private static final AccountFingerprint UNDER_ANOTHER_KEY = new AccountFingerprint("rotated", "other");
    private static final Set<String> ALIASES = Set.of("A1");

    private final TradingDayFixture day = new TradingDayFixture();

    private static OrderSettings settings(Map<String, AccountFingerprint> fingerprints) {
        return new OrderSettings(
                Map.of("A1", "K1"),
                10,
                true,
                Duration.ofSeconds(5),
                Duration.ofSeconds(5),
                false,
                Commissions.usual(),
                fingerprints);
    }

    /** A start with this account behind A1. */
    private void start(AccountFingerprint fingerprint) {
        day.settings = settings(Map.of("A1", fingerprint));
        day.crash();
        day.receiveList();
    }

    private AliasHistory history(AccountFingerprint configured) {
        var history = new AliasHistory(Map.of("A1", configured));
        for (ControlEvent event : day.control) {
            if (event instanceof ControlEvent.AliasAssigned assigned) {
                history.apply(assigned);
            }
        }
        return history;
    }

    private void dryRun() {
        assertThat(day.submit(ticket -> day.placeInput(
                        ticket,
                        day.limit(Side.BUY, 1, 70_000),
                        "dry",
                        TradingDayFixture.emptyContext(),
                        OrderInput.Mode.DRY_RUN)))
                .isEqualTo(new OrderEffect.Answer.ChecksPassed());
    }

    /** Whether a live order is refused for want of a dry run. */
    private boolean requiresDryRun() {
        day.guards = new LiveGuards(true, true, ALIASES, false);
        day.crash();
        day.receiveList();
        return isRefusedWithoutDryRun();
    }

    private boolean isRefusedWithoutDryRun() {
        return day.placeOrder(day.limit(Side.BUY, 1, 70_000), "first")
                        instanceof OrderEffect.Answer.Refused(Refusal refusal)
                && refusal.code() == ErrorCode.DRY_RUN_REQUIRED;
    }

    private List<AccountFingerprint> assigned() {
        return day.control.stream()
                .filter(ControlEvent.AliasAssigned.class::isInstance)
                .map(event -> ((ControlEvent.AliasAssigned) event).fingerprint())
                .toList();
    }

    @Test
    void a_start_records_the_account_of_an_alias_once_and_each_change() {
        start(FORMER);
        start(FORMER);
        assertThat(assigned()).containsExactly(FORMER);
        start(OTHER);
        start(FORMER);
        assertThat(assigned()).containsExactly(FORMER, OTHER, FORMER);
    }

    @Test
    void a_start_that_dies_before_its_first_commit_is_repeated_with_the_same_result() {
        start(FORMER);
        day.settings = settings(Map.of("A1", OTHER));
        var journalBefore = List.copyOf(day.journal);
        var core = day.newCore(List.of());
        assertThat(core.start(day.now, Set.of()).controlEvents()).hasSize(1); // never committed
        assertThat(day.journal).isEqualTo(journalBefore);
        assertThat(history(OTHER).isRenumbered("A1")).isTrue();
        start(OTHER);
        assertThat(assigned()).containsExactly(FORMER, OTHER);
        assertThat(history(OTHER).isRenumbered("A1")).isFalse();
    }

    @Test
    void a_dry_run_counts_for_the_account_that_made_it_only() {
        start(FORMER);
        assertThat(requiresDryRun()).isTrue();
        dryRun();
        start(OTHER);
        assertThat(requiresDryRun()).as("the other account needs its own").isTrue();
        start(FORMER);
        assertThat(requiresDryRun()).as("of the former account again").isFalse();
        start(OTHER);
        dryRun();
        assertThat(requiresDryRun()).as("the other has one now").isFalse();
    }

    @Test
    void a_dry_run_of_an_earlier_release_counts_for_the_first_account_that_is_recorded() {
        day.settings = settings(Map.of());
        day.begin();
        day.receiveList();
        dryRun();
        assertThat(day.control)
                .containsExactly(new ControlEvent.DryRunPassed("A1", LocalDate.of(2026, 11, 20), Optional.empty()));
        start(FORMER);
        start(OTHER);
        assertThat(requiresDryRun()).isTrue();
        start(FORMER);
        assertThat(requiresDryRun()).isFalse();
    }

    @Test
    void a_dry_run_of_an_earlier_release_counts_from_the_start_that_records_its_account() {
        day.settings = settings(Map.of());
        day.begin();
        day.receiveList();
        dryRun();
        day.guards = new LiveGuards(true, true, ALIASES, false);
        start(FORMER);
        assertThat(isRefusedWithoutDryRun()).isFalse();
    }

    @Test
    void a_dry_run_does_not_count_where_the_accounts_cannot_be_compared() {
        start(FORMER);
        dryRun();
        start(UNDER_ANOTHER_KEY);
        assertThat(requiresDryRun()).isTrue();
    }

    @Test
    void what_is_open_of_another_account_or_of_none_is_refused_and_of_the_same_accepted() {
        start(FORMER);
        Map<String, String> open = Map.of("ord_1", "A1");
        assertThatCode(() -> history(FORMER).require("order", open, ALIASES)).doesNotThrowAnyException();
        assertThatThrownBy(() -> history(OTHER).require("order", open, ALIASES))
                .isInstanceOf(JournalException.class)
                .hasMessage("order ord_1 of account A1 is open, and this alias has another account number than when it"
                        + " was placed: put the former number back (KIS_ACCOUNT_NO of A1, else kis.accounts in"
                        + " gateway.yaml) until it has ended or was cancelled, or name the other account by an alias of"
                        + " its own");
        assertThatThrownBy(() -> history(FORMER).require("order", open, Set.of("B")))
                .isInstanceOf(JournalException.class)
                .hasMessageStartingWith("order ord_1 of account A1 is open, and no account has this alias");
        assertThatCode(() -> history(UNDER_ANOTHER_KEY).require("order", open, ALIASES))
                .as("nothing shows another account after a rotation of the master key")
                .doesNotThrowAnyException();
    }

    @Test
    void ended_orders_of_the_former_account_are_not_compared_with_the_list_of_the_other() {
        start(FORMER);
        OrderId ended = day.buy("of-former");
        day.cancel(ended);
        assertThat(day.order(ended).status()).isEqualTo(OrderStatus.CANCELED);
        assertThat(history(FORMER).isOfFormerAccount(day.order(ended))).isFalse();
        assertThat(history(OTHER).isOfFormerAccount(day.order(ended))).isTrue();
        day.advance(Duration.ofSeconds(1));
        start(OTHER);
        day.advance(Duration.ofSeconds(1));
        OrderId later = day.buy("of-other");
        assertThat(history(OTHER).isOfFormerAccount(day.order(ended)))
                .as("also at the next start")
                .isTrue();
        day.cancel(later);
        assertThat(history(OTHER).isOfFormerAccount(day.order(later))).isFalse();
    }
}

package kr.kisgateway.gateway.order;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;
import kr.kisgateway.market.Market;
import kr.kisgateway.market.TradingDay;

/**
 * Decides when the broker's list of which day is requested: for each account by itself, so that an account whose list cannot be
 * read delays no other.
 */
final class DailyOrdersSchedule {
    private final Map<String, AccountSchedule> accounts = new LinkedHashMap<>();

    /** @param interval between comparisons of open orders with the broker's list */
    DailyOrdersSchedule(Collection<String> accounts, Duration interval) {
        accounts.forEach(account -> this.accounts.put(account, new AccountSchedule(interval)));
    }

    /** Schedules the first requests, which must be answered before anything of their account is sent. */
    void start(Collection<AccountDay> days) {
        forEach(days, AccountSchedule::start);
    }

    /** Whether all first requests about a market of an account are answered. */
    boolean isStarted(String account, Market market) {
        return of(account).isStarted(market);
    }

    /** The accounts of which all first requests about a market are answered. */
    Set<String> started(Market market) {
        return accounts.entrySet().stream()
                .filter(account -> account.getValue().isStarted(market))
                .map(Map.Entry::getKey)
                .collect(Collectors.toUnmodifiableSet());
    }

    /** Schedules a request for a day at once. */
    void requestNow(AccountDay day, Instant now) {
        of(day.account()).requestNow(day.day(), now);
    }

    /** Schedules a request for a day soon: a notice has time to arrive first. */
    void requestSoon(AccountDay day, Instant now) {
        of(day.account()).requestSoon(day.day(), now);
    }

    /** Restarts the growing pauses from the shortest. */
    void resetPause() {
        accounts.values().forEach(AccountSchedule::resetPause);
    }

    /**
     * Records that a list arrived.
     *
     * @return whether the previous one could not be read
     */
    boolean recordArrival(AccountDay day, Instant now) {
        return of(day.account()).recordArrival(day.day(), now);
    }

    /** Schedules a retry after a pause: a list did not arrive. */
    void failed(AccountDay day, Instant now) {
        of(day.account()).failed(day.day(), now);
    }

    /** Schedules another request for those of {@code days} that are of {@code account} after a pause. */
    void retryDays(String account, Collection<AccountDay> days, Instant now) {
        of(account).retryDays(daysOf(account, days), now);
    }

    /** Schedules the next comparison at the fixed interval, for {@code days}. */
    void scheduleRound(Collection<AccountDay> days, Instant now) {
        accounts.forEach((account, schedule) -> schedule.scheduleRound(daysOf(account, days), now));
    }

    /** The days to request now, at most one of each account; from here on their requests are in flight. */
    List<AccountDay> startRequests(Instant now) {
        List<AccountDay> started = new ArrayList<>();
        accounts.forEach((account, schedule) ->
                schedule.startRequest(now).ifPresent(day -> started.add(new AccountDay(account, day))));
        return started;
    }

    /** When the next request is due. */
    Optional<Instant> nextRequestAt() {
        return accounts.values().stream()
                .map(AccountSchedule::nextRequestAt)
                .flatMap(Optional::stream)
                .min(Instant::compareTo);
    }

    private AccountSchedule of(String account) {
        return Objects.requireNonNull(accounts.get(account), () -> "no account " + account);
    }

    private void forEach(Collection<AccountDay> days, BiConsumer<AccountSchedule, Collection<TradingDay>> action) {
        accounts.forEach((account, schedule) -> action.accept(schedule, daysOf(account, days)));
    }

    private static List<TradingDay> daysOf(String account, Collection<AccountDay> days) {
        List<TradingDay> found = new ArrayList<>();
        for (AccountDay day : days) {
            if (day.account().equals(account)) {
                found.add(day.day());
            }
        }
        return found;
    }
}

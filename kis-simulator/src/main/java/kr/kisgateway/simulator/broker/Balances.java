package kr.kisgateway.simulator.broker;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import kr.kisgateway.market.Symbol;
import kr.kisgateway.simulator.account.Account;
import kr.kisgateway.simulator.catalog.Face;
import kr.kisgateway.simulator.entity.AccountId;
import kr.kisgateway.simulator.exchange.Exchange;

/** Holdings for inquire-balance at current prices, behind the fills where that fault is switched on. */
final class Balances {
    private record AccountSnapshot(Instant at, Account<UserOrder> account) {}

    /** Fills of one account that a lagging balance can be behind; beyond this number it lags less. */
    private static final int MAX_SNAPSHOTS = 1_000;

    private final Exchange exchange;
    private final Faults faults;
    private final Face face;

    /** Accounts before their last fills, oldest first; only while balances may lag. */
    private final Map<AccountId, Deque<AccountSnapshot>> snapshots = new HashMap<>();

    Balances(Exchange exchange, Faults faults, Face face) {
        this.exchange = exchange;
        this.faults = faults;
        this.face = face;
    }

    HttpAnswer balance(Account<UserOrder> now, boolean first, String nextKey) {
        Account<UserOrder> account = findLagging(now);
        List<AnswerBodies.BalanceRow> all = rows(account);
        List<AnswerBodies.BalanceRow> rest = all.stream()
                .filter(row -> first || row.symbol().compareTo(nextKey) > 0)
                .toList();
        List<AnswerBodies.BalanceRow> page = rest.subList(0, Math.min(balanceRows(), rest.size()));
        boolean more = rest.size() > page.size();
        String filter = account.id().cano() + '^' + account.id().product();
        return AnswerBodies.balance(
                face,
                account,
                page,
                all,
                AnswerBodies.Page.of(
                        first, more, filter, more ? Optional.of(page.getLast().symbol()) : Optional.empty()));
    }

    /** The account as a lagging balance shows it: its state before the first fill that the balance does not include yet. */
    private Account<UserOrder> findLagging(Account<UserOrder> account) {
        long seconds = faults.time("balance_lag_seconds", Faults.QUERIES);
        if (seconds == 0) {
            return account;
        }
        Instant visibleAfter = faults.now().minusSeconds(seconds);
        return snapshots.getOrDefault(account.id(), new ArrayDeque<>()).stream()
                .filter(earlier -> earlier.at().isAfter(visibleAfter))
                .findFirst()
                .map(AccountSnapshot::account)
                .orElse(account);
    }

    /** Records the account before a fill, while balances may lag. */
    void recordSnapshot(Account<UserOrder> account, Instant at) {
        long longest = faults.longestTime("balance_lag_seconds");
        if (longest == 0) {
            snapshots.clear();
            return;
        }
        Deque<AccountSnapshot> earlier = snapshots.computeIfAbsent(account.id(), id -> new ArrayDeque<>());
        while (!earlier.isEmpty()
                && (earlier.size() >= MAX_SNAPSHOTS || !earlier.getFirst().at().isAfter(at.minusSeconds(longest)))) {
            earlier.removeFirst();
        }
        earlier.addLast(new AccountSnapshot(at, account.copy()));
    }

    /** The account's holdings at current prices. */
    List<AnswerBodies.BalanceRow> rows(Account<UserOrder> account) {
        List<AnswerBodies.BalanceRow> rows = new ArrayList<>();
        account.positions()
                .forEach((symbol, position) -> exchange.find((Symbol) symbol)
                        .ifPresent(stock -> rows.add(new AnswerBodies.BalanceRow(
                                symbol.code(),
                                stock.instrument().name(),
                                position,
                                // The after-market did not move the valuation. (observed 2026-09-14)
                                stock.tape().regularLast(),
                                stock.tape().base()))));
        return rows;
    }

    /** Starts a new business day: yesterday's fills are visible. */
    void clearSnapshots() {
        snapshots.clear();
    }

    private int balanceRows() {
        return face == Face.LIVE ? 50 : 20;
    }
}

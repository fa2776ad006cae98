package kr.kisgateway.simulator.broker;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import kr.kisgateway.market.Symbol;
import kr.kisgateway.simulator.account.Account;
import kr.kisgateway.simulator.account.LoanKey;
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

    /** @param byStock whether shares of one stock share a row, whatever they were paid with (INQR_DVSN 02) [assumed] */
    HttpAnswer balance(Account<UserOrder> now, boolean byStock, boolean first, String nextKey) {
        Account<UserOrder> account = findLagging(now);
        List<AnswerBodies.BalanceRow> all = byStock ? rowsByStock(account) : rows(account);
        List<AnswerBodies.BalanceRow> rest = all.stream()
                .filter(row -> first || row.key().compareTo(nextKey) > 0)
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
                        first, more, filter, more ? Optional.of(page.getLast().key()) : Optional.empty()));
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

    /** The account's holdings at current prices: of each stock the shares paid in cash, then those of each loan. */
    List<AnswerBodies.BalanceRow> rows(Account<UserOrder> account) {
        List<AnswerBodies.BalanceRow> rows = new ArrayList<>();
        account.positions()
                .forEach((symbol, position) ->
                        row((Symbol) symbol, position, Optional.empty()).ifPresent(rows::add));
        if (!account.loans().isEmpty()) {
            account.loans()
                    .forEach((key, position) ->
                            row(key.symbol(), position, Optional.of(key)).ifPresent(rows::add));
            rows.sort(Comparator.comparing(AnswerBodies.BalanceRow::key));
        }
        return rows;
    }

    private List<AnswerBodies.BalanceRow> rowsByStock(Account<UserOrder> account) {
        Map<String, AnswerBodies.BalanceRow> rows = new TreeMap<>();
        rows(account)
                .forEach(row -> rows.merge(
                        row.symbol(),
                        row,
                        (one, other) -> new AnswerBodies.BalanceRow(
                                one.symbol(),
                                one.name(),
                                one.position().plus(other.position()),
                                one.price(),
                                one.base(),
                                Optional.empty())));
        return List.copyOf(rows.values());
    }

    private Optional<AnswerBodies.BalanceRow> row(Symbol symbol, Account.Position position, Optional<LoanKey> loan) {
        return exchange.find(symbol)
                .map(stock -> new AnswerBodies.BalanceRow(
                        symbol.code(),
                        stock.instrument().name(),
                        position,
                        // The after-market did not move the valuation. (observed 2026-09-14)
                        stock.tape().regularLast(),
                        stock.tape().base(),
                        loan));
    }

    /** Starts a new business day: yesterday's fills are visible. */
    void clearSnapshots() {
        snapshots.clear();
    }

    private int balanceRows() {
        return face == Face.LIVE ? 50 : 20;
    }
}

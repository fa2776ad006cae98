package kr.kisgateway.simulator.us;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import kr.kisgateway.market.Side;
import kr.kisgateway.simulator.account.Account;
import kr.kisgateway.simulator.entity.AccountId;
import kr.kisgateway.simulator.entity.Change;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Dollars and shares over random days. */
class UsLedgerPropertiesTest {
    private static final List<AccountId> ALL = Stream.of("1000000101", "2000000201", "3000000301")
            .map(AccountId::ofDigits)
            .toList();

    private static final List<String> DIVISIONS = List.of("00", "00", "00", "00", "31", "32", "33", "34");

    @Property(tries = 60)
    void among_users_alone_dollars_and_shares_are_conserved(@ForAll long seed) {
        UsTestMarket books = UsTestMarket.at("2026-11-20T18:00:00");
        long shares = play(books, seed);
        long dollars = 0;
        long shareSum = 0;
        for (Account<UsOrder> account : books.ledger.accounts()) {
            dollars += account.cash()
                    + account.orders().stream().mapToLong(UsOrder::costs).sum();
            shareSum += account.positions().values().stream()
                    .mapToLong(Account.Position::qty)
                    .sum();
        }
        assertThat(dollars).isEqualTo(ALL.size() * UsTestMarket.dollars(1_000_000));
        assertThat(shareSum).isEqualTo(shares);
    }

    @Property(tries = 30)
    void no_account_is_overdrawn_whatever_agents_trade(@ForAll long seed) {
        play(new UsTestMarket("2026-11-20T18:00:00", 6, UsRules.defaults()), seed);
    }

    /** Plays random orders over two trading dates; returns the initial number of shares. */
    private static long play(UsTestMarket books, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        ALL.forEach(holder -> books.withShares(holder, UsTestMarket.APPLE, 1_000, 300));
        List<UsOrder> orders = new ArrayList<>();
        for (int i = 0; i < 120; i++) {
            AccountId holder = ALL.get(random.nextInt(ALL.size()));
            double price = 300 + random.nextInt(2_000) / 100.0;
            if (random.nextInt(4) == 0 && !orders.isEmpty()) {
                UsOrder original = orders.get(random.nextInt(orders.size()));
                add(orders, books.revise(original, random.nextBoolean(), random.nextInt(40), price));
            } else {
                Side side = random.nextBoolean() ? Side.BUY : Side.SELL;
                String division = DIVISIONS.get(random.nextInt(DIVISIONS.size()));
                boolean market = division.equals("31") || division.equals("33");
                long qty = random.nextInt(20) == 0 ? 3_000 : 1 + random.nextInt(200);
                add(orders, books.place(holder, side, division, qty, market ? 0 : price));
            }
            books.advanceBy(Duration.ofSeconds(random.nextInt(6) == 0 ? random.nextInt(7_200) : random.nextInt(20)));
            check(books);
        }
        books.advanceBy(Duration.ofDays(4));
        check(books);
        for (Account<UsOrder> account : books.ledger.accounts()) {
            assertThat(account.reserved()).isZero();
            assertThat(account.orders()).noneMatch(UsOrder::isOpen);
            assertThat(account.positions().values()).allMatch(position -> position.sellable() == position.qty());
        }
        return ALL.size() * 1_000L;
    }

    private static void add(List<UsOrder> orders, UsLedger.Answer answer) {
        if (answer instanceof UsLedger.Answer.Accepted(UsOrder order)) {
            orders.add(order);
        }
    }

    private static void check(UsTestMarket books) {
        for (Account<UsOrder> account : books.ledger.accounts()) {
            assertThat(account.spendable()).isNotNegative();
            assertThat(account.positions().values()).allMatch(position -> position.sellable() >= 0);
            for (UsOrder order : account.orders()) {
                List<Change.Fill> fills = books.fills.stream()
                        .filter(fill -> fill.odno() == order.odno())
                        .toList();
                assertThat(fills.stream().mapToLong(Change.Fill::qty).sum()).isEqualTo(order.filledQty());
                assertThat(fills.stream()
                                .mapToLong(fill -> fill.qty() * fill.price())
                                .sum())
                        .isEqualTo(order.filledAmount());
                assertThat(order.filledQty() + order.cancelledQty() + order.rejectedQty())
                        .isLessThanOrEqualTo(order.qty());
            }
        }
    }
}

package kr.kisgateway.simulator.broker;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import kr.kisgateway.market.Costs;
import kr.kisgateway.market.KrxCalendar;
import kr.kisgateway.market.Side;
import kr.kisgateway.market.Symbol;
import kr.kisgateway.simulator.entity.Change;
import kr.kisgateway.simulator.entity.OrderKind;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Tag;

/** Invariants of any day of all sessions, venues and order divisions, with interruptions, halts and restarts. */
@Tag("slow")
class SessionPropertiesTest {
    private static final String[] ACCOUNTS = BrokerPropertiesTest.ACCOUNTS;
    private static final String[] SYMBOLS = {"005930", "000660"};
    private static final String[] DIVISIONS = {
        "00", "00", "00", "01", "01", "02", "03", "04", "05", "06", "07", "11", "12", "13", "14", "15", "16", "21",
        "22", "22", "23", "24", "27", "28", "41", "41", "42", "44", "47"
    };
    private static final String[] EXCHANGES = {"KRX", "KRX", "NXT", "SOR"};
    private static final long SHARES = 500;

    @Property(tries = 15)
    void money_and_shares_are_conserved_no_book_is_crossed_and_nothing_outlives_the_day(@ForAll long seed) {
        day(seed);
    }

    @Property(tries = 600)
    @Tag("long")
    void six_hundred_days_conserve_money_and_shares_cross_no_book_and_leave_nothing(@ForAll long seed) {
        day(seed);
    }

    private static void day(long seed) {
        Random random = new Random(seed);
        boolean eraA = random.nextInt(4) == 0;
        double agents = random.nextInt(3) == 0 ? 0.05 : 0;
        TestBroker broker = new TestBroker(
                TestBroker.rules(seed, agents),
                new KrxCalendar(),
                TestBroker.kst(eraA ? "2026-09-10T07:55:00" : "2026-11-20T07:55:00"));
        broker.login();
        List<String> odnos = new ArrayList<>();
        List<String> taken = new ArrayList<>();
        seedShares(broker);
        for (int i = 0; i < 150; i++) {
            broker.advanceBy(
                    Duration.ofMillis(random.nextInt(3) == 0 ? random.nextInt(900_000) : random.nextInt(30_000)));
            operate(broker, random, odnos, taken);
            assertUncrossed(broker, random);
            if (random.nextInt(40) == 0) {
                broker.restarted();
                broker.advanceBy(Duration.ZERO);
            }
            if (random.nextInt(10) == 0) {
                checkMargins(broker);
            }
        }
        checkMargins(broker);
        broker.until("20:00:01");

        checkTrades(broker, agents == 0);
        assertThat(broker.file.records())
                .filteredOn(Change.Order.class::isInstance)
                .noneMatch(change -> ((Change.Order) change).open());
        for (String account : ACCOUNTS) {
            assertThat(broker.spendable(account)).as("nothing is reserved").isEqualTo(cash(broker, account));
        }
    }

    private static void seedShares(TestBroker broker) {
        for (String account : ACCOUNTS) {
            for (String symbol : SYMBOLS) {
                broker.withShares(account, symbol, SHARES);
            }
        }
    }

    private static void operate(TestBroker broker, Random random, List<String> odnos, List<String> taken) {
        String account = ACCOUNTS[random.nextInt(ACCOUNTS.length)];
        String symbol = SYMBOLS[random.nextInt(SYMBOLS.length)];
        switch (random.nextInt(12)) {
            case 0, 1, 2 -> {
                if (!odnos.isEmpty()) {
                    String odno = odnos.get(random.nextInt(odnos.size()));
                    broker.call(
                            "POST",
                            TestBroker.TRADING + "order-rvsecncl",
                            Map.of("tr_id", "TTTC0013U"),
                            revision(broker, random, account, symbol, odno));
                }
            }
            case 3 -> {
                Map<String, Object> command = random.nextInt(4) == 0
                        ? Map.of("circuit_breaker", 1L)
                        : Map.of(
                                List.of("halt", "resume", "resume", "interrupt").get(random.nextInt(4)), symbol);
                broker.handle(new Input.OperateMarket(-1, command));
            }
            default -> {
                String division = DIVISIONS[random.nextInt(DIVISIONS.length)];
                boolean priced = OrderDivision.of(division).orElseThrow().hasPrice();
                TestBroker.Answer answer = broker.order(
                        account,
                        random.nextBoolean(),
                        symbol,
                        division,
                        1 + random.nextInt(40),
                        priced ? priceNear(broker, symbol, random) : 0,
                        Map.of(
                                "EXCG_ID_DVSN_CD",
                                EXCHANGES[random.nextInt(EXCHANGES.length)],
                                "CNDT_PRIC",
                                division.equals("22") ? Long.toString(priceNear(broker, symbol, random)) : ""));
                if (answer.text("rt_cd").equals("0")) {
                    odnos.add(answer.text("output", "ODNO"));
                    taken.add(division);
                }
            }
        }
    }

    private static Map<String, String> revision(
            TestBroker broker, Random random, String account, String symbol, String odno) {
        boolean all = random.nextBoolean();
        return Map.of(
                "CANO",
                account,
                "ACNT_PRDT_CD",
                "01",
                "KRX_FWDG_ORD_ORGNO",
                "",
                "ORGN_ODNO",
                odno,
                "ORD_DVSN",
                random.nextInt(4) == 0 ? "01" : "00",
                "RVSE_CNCL_DVSN_CD",
                random.nextBoolean() ? "01" : "02",
                "ORD_QTY",
                Integer.toString(all ? 0 : 1 + random.nextInt(10)),
                "ORD_UNPR",
                Long.toString(random.nextInt(4) == 0 ? 0 : priceNear(broker, symbol, random)),
                "QTY_ALL_ORD_YN",
                all ? "Y" : "N",
                "EXCG_ID_DVSN_CD",
                EXCHANGES[random.nextInt(EXCHANGES.length)]);
    }

    private static long priceNear(TestBroker broker, String symbol, Random random) {
        var output = broker.price(symbol).json().path("output");
        long tick = Long.parseLong(output.path("aspr_unit").stringValue());
        long last = Long.parseLong(output.path("stck_prpr").stringValue());
        long price = last - last % tick + tick * (random.nextInt(random.nextInt(8) == 0 ? 60 : 9) - 4);
        return price;
    }

    private static void assertUncrossed(TestBroker broker, Random random) {
        for (String market : List.of("J", "NX")) {
            var book = broker.call(
                    "GET",
                    "/uapi/domestic-stock/v1/quotations/inquire-asking-price-exp-ccn",
                    Map.of("tr_id", "FHKST01010200"),
                    Map.of(
                            "FID_COND_MRKT_DIV_CODE",
                            market,
                            "FID_INPUT_ISCD",
                            SYMBOLS[random.nextInt(SYMBOLS.length)]));
            long ask = Long.parseLong(book.text("output1", "askp1"));
            long bid = Long.parseLong(book.text("output1", "bidp1"));
            assertThat(ask == 0 || bid == 0 || bid < ask)
                    .as("%s at %s", market, broker.now)
                    .isTrue();
        }
    }

    /** Buying power is the cash less the largest cost of the file's open buys. */
    private static void checkMargins(TestBroker broker) {
        Map<String, Long> reserved = new HashMap<>();
        for (Change change : broker.file.records()) {
            if (change instanceof Change.Order o && o.open() && o.side() == Side.BUY && o.kind() != OrderKind.CANCEL) {
                long amount = (o.qty() - o.filledQty() - o.cancelledQty() - o.rejectedQty())
                        * ((Change.KoreanTerms) o.terms()).marginPrice();
                reserved.merge(o.account().cano(), amount + Costs.usual().commission(amount), Long::sum);
            }
        }
        for (String account : ACCOUNTS) {
            assertThat(broker.spendable(account))
                    .as("spendable of %s", account)
                    .isEqualTo(Math.max(0, cash(broker, account) - reserved.getOrDefault(account, 0L)));
        }
    }

    private static long cash(TestBroker broker, String account) {
        return Long.parseLong(broker.balance(account).text("output2", "0", "prvs_rcdl_excc_amt"));
    }

    private static void checkTrades(TestBroker broker, boolean usersAlone) {
        Map<String, Change.Order> orders = new HashMap<>();
        Map<String, Long> filled = new HashMap<>();
        Map<String, Long> amounts = new HashMap<>();
        Map<String, Long> shares = new HashMap<>();
        Map<String, Long> cash = new HashMap<>();
        long imbalance = 0;
        for (Change change : broker.file.records()) {
            if (change instanceof Change.Order o) {
                orders.put(Long.toString(o.odno()), o);
            }
        }
        for (Change change : broker.file.records()) {
            if (change instanceof Change.Fill f) {
                Change.Order o = orders.get(Long.toString(f.odno()));
                long sign = o.side() == Side.BUY ? 1 : -1;
                filled.merge(Long.toString(f.odno()), f.qty(), Long::sum);
                amounts.merge(Long.toString(f.odno()), f.qty() * f.price(), Long::sum);
                shares.merge(o.account().cano() + o.symbol(), sign * f.qty(), Long::sum);
                imbalance += sign * f.qty() * f.price();
                if (o.price() > 0 && !o.division().equals("02")) {
                    assertThat(sign * (o.price() - f.price()))
                            .as("%s of %s", f, o)
                            .isNotNegative();
                }
            }
        }
        for (Change.Order o : orders.values()) {
            String odno = Long.toString(o.odno());
            long amount = amounts.getOrDefault(odno, 0L);
            assertThat(o.filledQty()).as("fills of %s", o).isEqualTo(filled.getOrDefault(odno, 0L));
            assertThat(o.filledQty() + o.cancelledQty() + o.rejectedQty()).isLessThanOrEqualTo(o.qty());
            var instrument = TestBroker.LISTING.find((Symbol) o.symbol()).orElseThrow();
            long costs = Costs.usual().of(o.side(), instrument.board(), instrument.product(), amount, o.day());
            cash.merge(o.account().cano(), (o.side() == Side.BUY ? -amount : amount) - costs, Long::sum);
        }
        long all = 0;
        for (String account : ACCOUNTS) {
            assertThat(cash(broker, account)).isEqualTo(1_000_000_000 + cash.getOrDefault(account, 0L));
            for (var row : broker.balance(account).json().path("output1")) {
                String symbol = row.path("pdno").stringValue();
                long qty = Long.parseLong(row.path("hldg_qty").stringValue());
                assertThat(qty).isEqualTo(SHARES + shares.getOrDefault(account + new Symbol(symbol), 0L));
                assertThat(qty).isNotNegative();
                all += qty;
            }
        }
        if (usersAlone) {
            assertThat(all).as("shares of all accounts").isEqualTo(ACCOUNTS.length * SYMBOLS.length * SHARES);
            assertThat(imbalance)
                    .as("the difference between payments and proceeds")
                    .isZero();
        }
    }
}

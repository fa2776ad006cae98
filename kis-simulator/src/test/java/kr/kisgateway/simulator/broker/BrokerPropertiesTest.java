package kr.kisgateway.simulator.broker;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import kr.kisgateway.market.Costs;
import kr.kisgateway.market.Side;
import kr.kisgateway.market.Symbol;
import kr.kisgateway.simulator.entity.Change;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Tag;
import net.jqwik.api.constraints.IntRange;
import tools.jackson.databind.JsonNode;

/** Invariants of any history of orders, cancels, modifies, waits and restarts. */
@Tag("slow")
class BrokerPropertiesTest {
    static final String[] ACCOUNTS = {"11111111", "22222222", "33333333"};
    private static final String[] SYMBOLS = {"005930", "000660", "069500"};
    private static final String[] KINDS = {"00", "00", "00", "01", "03", "04", "11", "12", "13", "14"};

    @Property(tries = 40)
    void cash_and_shares_are_conserved_and_no_order_fills_beyond_its_limit(
            @ForAll long seed, @ForAll @IntRange(min = 20, max = 120) int operations) {
        history(seed, operations);
    }

    @Property(tries = 1_000)
    @Tag("long")
    void a_thousand_histories_conserve_cash_and_shares(
            @ForAll long seed, @ForAll @IntRange(min = 20, max = 120) int operations) {
        history(seed, operations);
    }

    private static void history(long seed, int operations) {
        TestBroker broker = TestBroker.open(seed, 5);
        List<String> odnos = new ArrayList<>();
        Random random = new Random(seed);
        for (int i = 0; i < operations; i++) {
            operate(broker, random, odnos);
            if (random.nextInt(30) == 0) {
                broker.restarted();
            }
        }
        check(broker);
        broker.restarted();
        check(broker);
    }

    private static void operate(TestBroker broker, Random random, List<String> odnos) {
        String account = ACCOUNTS[random.nextInt(ACCOUNTS.length)];
        String symbol = SYMBOLS[random.nextInt(SYMBOLS.length)];
        switch (random.nextInt(9)) {
            case 0 -> broker.advanceBy(Duration.ofMillis(random.nextInt(3_000)));
            case 3 ->
                broker.fault(Map.of(
                        "exchange_delay_ms",
                        random.nextBoolean() ? 0L : random.nextLong(2_000),
                        "reject_by_exchange",
                        random.nextLong(2)));
            case 1 -> {
                if (!odnos.isEmpty()) {
                    String odno = odnos.get(random.nextInt(odnos.size()));
                    broker.revise(account, odno, "02", random.nextBoolean() ? "Y" : "N", 1 + random.nextInt(5), 0);
                }
            }
            case 2 -> {
                if (!odnos.isEmpty()) {
                    String odno = odnos.get(random.nextInt(odnos.size()));
                    long price = priceNear(broker, symbol, random);
                    boolean all = random.nextBoolean();
                    long qty = all ? 0 : 1 + random.nextInt(5);
                    addOrderNumber(broker.revise(account, odno, "01", all ? "Y" : "N", qty, price), odnos);
                }
            }
            default -> {
                String kind = KINDS[random.nextInt(KINDS.length)];
                boolean limit = kind.equals("00") || kind.equals("11") || kind.equals("12");
                long price = limit ? priceNear(broker, symbol, random) : 0;
                long qty = 1 + random.nextInt(random.nextInt(10) == 0 ? 3_000 : 40);
                addOrderNumber(broker.order(account, random.nextInt(3) > 0, symbol, kind, qty, price), odnos);
            }
        }
    }

    private static void addOrderNumber(TestBroker.Answer answer, List<String> odnos) {
        if (answer.text("rt_cd").equals("0")) {
            odnos.add(answer.text("output", "ODNO"));
        }
    }

    private static long priceNear(TestBroker broker, String symbol, Random random) {
        JsonNode output = broker.price(symbol).json().path("output");
        long tick = Long.parseLong(output.path("aspr_unit").stringValue());
        return Long.parseLong(output.path("stck_prpr").stringValue()) + tick * (random.nextInt(9) - 4);
    }

    /** Verifies against the fills alone, not against figures of the core. */
    static void check(TestBroker broker) {
        // After a restart the agents return at the first step of the clock, and may trade then.
        broker.advanceBy(Duration.ZERO);
        Map<String, Long> qtyOfOrder = new HashMap<>();
        Map<String, Long> amountOfOrder = new HashMap<>();
        Map<String, Change.Order> orders = new HashMap<>();
        for (Change change : broker.file.records()) {
            if (change instanceof Change.Order o) {
                orders.put(o.day() + " " + o.odno(), o);
            }
            if (change instanceof Change.Fill f) {
                qtyOfOrder.merge(f.day() + " " + f.odno(), f.qty(), Long::sum);
                amountOfOrder.merge(f.day() + " " + f.odno(), f.qty() * f.price(), Long::sum);
            }
        }
        Map<String, Long> cash = new HashMap<>();
        Map<String, Long> shares = new HashMap<>();
        for (Change change : broker.file.records()) {
            switch (change) {
                case Change.Order o -> {
                    String id = o.day() + " " + o.odno();
                    long qty = qtyOfOrder.getOrDefault(id, 0L);
                    long amount = amountOfOrder.getOrDefault(id, 0L);
                    assertThat(o.filledQty())
                            .as("fills of %s sum to its quantity", id)
                            .isEqualTo(qty);
                    assertThat(o.filledAmount()).isEqualTo(amount);
                    assertThat(o.filledQty() + o.cancelledQty() + o.rejectedQty())
                            .as("the quantities of %s", o)
                            .isLessThanOrEqualTo(o.qty());
                    var instrument =
                            TestBroker.LISTING.find((Symbol) o.symbol()).orElseThrow();
                    long costs = Costs.usual().of(o.side(), instrument.board(), instrument.product(), amount, o.day());
                    String account = o.account().digits();
                    long sign = o.side() == Side.BUY ? 1 : -1;
                    cash.merge(account, -sign * amount - costs, Long::sum);
                    shares.merge(account + o.symbol(), sign * qty, Long::sum);
                }
                case Change.Fill f -> {
                    Change.Order o = orders.get(f.day() + " " + f.odno());
                    // A conditional limit order accepts any price in the closing auction.
                    if (o.price() > 0 && !o.division().equals("02")) {
                        assertThat(o.side() == Side.BUY ? o.price() - f.price() : f.price() - o.price())
                                .as("fill %s of %s", f, o)
                                .isNotNegative();
                    }
                }
                default -> {}
            }
        }
        for (String cano : ACCOUNTS) {
            TestBroker.Answer balance = broker.balance(cano);
            assertThat(balance.text("output2", "0", "prvs_rcdl_excc_amt"))
                    .isEqualTo(Long.toString(1_000_000_000 + cash.getOrDefault(cano + "01", 0L)));
            assertThat(balance.text("output2", "0", "prvs_rcdl_excc_amt")).doesNotStartWith("-");
            for (JsonNode row : balance.json().path("output1")) {
                Symbol symbol = new Symbol(row.path("pdno").stringValue());
                assertThat(row.path("hldg_qty").stringValue())
                        .isEqualTo(Long.toString(shares.getOrDefault(cano + "01" + symbol, 0L)));
                assertThat(Long.parseLong(row.path("ord_psbl_qty").stringValue()))
                        .isNotNegative();
            }
        }
    }
}

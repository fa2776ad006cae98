package kr.kisgateway.gateway.face;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import kr.kisgateway.gateway.face.OwnPositions.Position;
import kr.kisgateway.market.TradingCalendar;
import kr.kisgateway.wire.CreditCodes;
import kr.kisgateway.wire.RestCall;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Balances as a key sees them that sees its own share only: what it bought and sold by its own orders, never more than KIS says
 * the account has. Cash is the account's, because all keys pay from it.
 */
final class OwnBalances {
    private static final JsonMapper JSON = new JsonMapper();
    /** A market that was closed for longer has no day before. */
    private static final int CLOSED_DAYS_MAX = 30;

    private static final String BALANCE = "domestic_stock_inquire_balance";
    private static final String SELLABLE = "domestic_stock_inquire_psbl_sell";

    private final OwnPositions positions;
    private final TradingCalendar calendar;
    private final InstantSource clock;

    OwnBalances(OwnPositions positions, TradingCalendar calendar, InstantSource clock) {
        this.positions = positions;
        this.calendar = calendar;
        this.clock = clock;
    }

    /** Whether the answer to a call is the balance of the account or a part of it. */
    static boolean isBalance(RestCall call) {
        return call.id().equals(BALANCE) || call.id().equals(SELLABLE);
    }

    /**
     * The answer with the share of a key.
     *
     * @param account alias of the account behind its virtual number
     */
    String filter(RestCall call, String body, String keyName, String account) {
        if (!(JSON.readTree(body) instanceof ObjectNode answer)) {
            return body;
        }
        var own = positions.of(keyName, account);
        if (call.id().equals(SELLABLE)) {
            each(answer.path("output"), row -> shareSellable(row, own));
        } else if (answer.path("output1") instanceof ArrayNode rows) {
            retainOwn(rows, own);
            each(answer.path("output2"), sums -> shareSums(sums, rows, own));
        }
        return JSON.writeValueAsString(answer);
    }

    private static void each(JsonNode block, Consumer<ObjectNode> change) {
        if (block instanceof ObjectNode object) {
            change.accept(object);
        } else {
            block.forEach(row -> {
                if (row instanceof ObjectNode object) {
                    change.accept(object);
                }
            });
        }
    }

    private void retainOwn(ArrayNode rows, Map<String, Position> own) {
        var shown = new HashSet<String>();
        var today = calendar.tradingDay(clock.instant());
        var before = tradingDayBefore(today);
        for (int i = 0; i < rows.size(); ) {
            boolean isOwn = rows.get(i) instanceof ObjectNode row
                    && isPaidInCash(row)
                    && shown.add(row.path("pdno").asString(""))
                    && share(row, own.getOrDefault(row.path("pdno").asString(""), Position.NONE), today, before);
            if (isOwn) {
                i++;
            } else {
                rows.remove(i);
            }
        }
    }

    /** Shares bought on credit have rows of their own, whose loans are not divided among keys. */
    static boolean isPaidInCash(JsonNode row) {
        return CreditCodes.date(row.path("loan_dt").asString("")).isEmpty();
    }

    /** Whether the key has a part of the row, which the row is then. */
    private static boolean share(ObjectNode row, Position own, LocalDate today, LocalDate before) {
        var now = own.on(today);
        var earlier = own.on(before);
        long held = held(row, "hldg_qty", own);
        if (held == 0 && now.equals(OwnPositions.Day.NONE) && earlier.equals(OwnPositions.Day.NONE)) {
            return false;
        }
        put(row, "bfdy_buy_qty", earlier.bought());
        put(row, "bfdy_sll_qty", earlier.sold());
        put(row, "thdt_buyqty", now.bought());
        put(row, "thdt_sll_qty", now.sold());
        put(row, "hldg_qty", held);
        shareValue(row, held, own, amount(row, "prpr"));
        return true;
    }

    private void shareSellable(ObjectNode row, Map<String, Position> own) {
        var position = own.getOrDefault(row.path("pdno").asString(""), Position.NONE);
        var today = position.on(calendar.tradingDay(clock.instant()));
        long held = held(row, "cblc_qty", position);
        put(row, "buy_qty", today.bought());
        put(row, "sll_qty", today.sold());
        put(row, "cblc_qty", held);
        put(row, "nsvg_qty", Math.min(held, amount(row, "nsvg_qty")));
        shareValue(row, held, position, amount(row, "now_pric"));
    }

    /** No more than the account has: another key may have sold the shares. */
    private static long held(ObjectNode row, String column, Position own) {
        return Math.clamp(own.qty(), 0, Math.max(0, amount(row, column)));
    }

    private static void shareValue(ObjectNode row, long held, Position own, long price) {
        long cost = OwnPositions.part(own.cost(), held, own.qty());
        long value = held * price;
        put(row, "ord_psbl_qty", Math.clamp(own.qty() - own.openSells(), 0, Math.max(0, amount(row, "ord_psbl_qty"))));
        put(row, "pchs_avg_pric", ratio(cost, held, 4));
        put(row, "pchs_amt", cost);
        put(row, "evlu_amt", value);
        put(row, "evlu_pfls_amt", value - cost);
        put(row, "evlu_pfls_rt", ratio((value - cost) * 100, cost, 2));
    }

    private void shareSums(ObjectNode sums, ArrayNode rows, Map<String, Position> own) {
        var today = calendar.tradingDay(clock.instant());
        var before = tradingDayBefore(today);
        long value = sum(rows, "evlu_amt");
        long cost = sum(rows, "pchs_amt");
        long others = amount(sums, "scts_evlu_amt") - value;
        put(sums, "tot_evlu_amt", amount(sums, "tot_evlu_amt") - others);
        put(sums, "nass_amt", amount(sums, "nass_amt") - others);
        put(sums, "scts_evlu_amt", value);
        put(sums, "evlu_amt_smtl_amt", value);
        put(sums, "pchs_amt_smtl_amt", cost);
        put(sums, "evlu_pfls_smtl_amt", value - cost);
        var all = own.values();
        put(
                sums,
                "thdt_buy_amt",
                all.stream().mapToLong(it -> it.on(today).boughtValue()).sum());
        put(
                sums,
                "thdt_sll_amt",
                all.stream().mapToLong(it -> it.on(today).soldValue()).sum());
        put(
                sums,
                "bfdy_buy_amt",
                all.stream().mapToLong(it -> it.on(before).boughtValue()).sum());
        put(
                sums,
                "bfdy_sll_amt",
                all.stream().mapToLong(it -> it.on(before).soldValue()).sum());
        // Costs and yesterday's assets are the account's; a part of them is not known.
        for (String column : List.of("thdt_tlex_amt", "bfdy_tlex_amt", "bfdy_tot_asst_evlu_amt", "asst_icdc_amt")) {
            put(sums, column, 0);
        }
        put(sums, "asst_icdc_erng_rt", "0.00000000");
    }

    private LocalDate tradingDayBefore(LocalDate day) {
        return Stream.iterate(day.minusDays(1), before -> before.minusDays(1))
                .limit(CLOSED_DAYS_MAX)
                .filter(calendar::isTradingDay)
                .findFirst()
                .orElse(day.minusDays(1));
    }

    private static long sum(ArrayNode rows, String column) {
        return rows.valueStream().mapToLong(row -> amount(row, column)).sum();
    }

    /** A column that KIS's answer has. */
    private static void put(ObjectNode block, String column, String text) {
        if (block.has(column)) {
            block.put(column, text);
        }
    }

    private static void put(ObjectNode block, String column, long number) {
        put(block, column, Long.toString(number));
    }

    private static long amount(JsonNode block, String column) {
        String text = block.path(column).asString("").strip();
        return text.matches("-?[0-9]{1,17}([.][0-9]+)?") ? new BigDecimal(text).longValue() : 0;
    }

    private static String ratio(long dividend, long divisor, int decimals) {
        return (divisor == 0
                        ? BigDecimal.ZERO.setScale(decimals)
                        : BigDecimal.valueOf(dividend)
                                .divide(BigDecimal.valueOf(divisor), decimals, RoundingMode.HALF_UP))
                .toPlainString();
    }
}

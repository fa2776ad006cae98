package kr.kisgateway.simulator.catalog;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import kr.kisgateway.market.Instrument;
import kr.kisgateway.market.PriceRules;

/**
 * The funds whose price is their index times a factor, at the price that the simulator's index makes it. The listing's closes
 * of funds are two years older than those of shares, so they do not fit an index of these shares.
 *
 * <p>Weak spot: only the base of the simulator's first day follows the index; from there a fund has trades and days of its own.
 * Leveraged, inverse and total-return funds, and those of an index that the simulator does not have, remain at the
 * listing's close.
 */
public final class IndexFunds {
    /**
     * @param index code of the index
     * @param factor won for a point of the index
     * @param codes of the funds
     */
    private record Group(String index, long factor, List<String> codes) {}

    private static final List<Group> GROUPS = List.of(
            new Group("0001", 10, List.of("226490", "227830", "277630", "302450", "305050")),
            new Group("0002", 5, List.of("277640", "337140")),
            new Group("0003", 5, List.of("277650")),
            new Group(
                    "2001",
                    100,
                    List.of(
                            "069500", "069660", "102110", "105190", "108590", "148020", "152100", "152870", "293180",
                            "434960", "448100", "472840")),
            new Group("2007", 10, List.of("140950", "153270", "159800", "237350")),
            new Group("2008", 10, List.of("122090")),
            new Group("3003", 10, List.of("229200", "232080", "270810", "301400", "304770", "354500", "450910")),
            new Group("3003", 5, List.of("316670")),
            new Group("4001", 1, List.of("100910")));

    private static final Map<String, Long> PRICES = prices();

    private IndexFunds() {}

    /** The instrument with the close that its index makes it, in won; unchanged where it is no such fund. */
    public static Instrument atIndexPrice(Instrument listed) {
        Long price = PRICES.get(listed.symbol().code());
        if (price == null || listed.close() <= 0) {
            return listed;
        }
        long close = PriceRules.snapDown(listed.product(), price, listed.closeDate());
        return new Instrument(
                listed.symbol(),
                listed.isin(),
                listed.name(),
                listed.nameEn(),
                listed.board(),
                listed.product(),
                listed.industry(),
                listed.listedOn(),
                listed.listedShares(),
                listed.faceValue(),
                close,
                listed.closeDate(),
                listed.volume(),
                // As many shares as traded, at the other price.
                Math.multiplyExact(listed.turnover(), close) / listed.close());
    }

    private static Map<String, Long> prices() {
        Map<String, Long> prices = new HashMap<>();
        for (Group group : GROUPS) {
            long level = StockIndex.find(group.index()).orElseThrow().level();
            group.codes().forEach(code -> prices.put(code, level * group.factor() / 100));
        }
        return Map.copyOf(prices);
    }
}

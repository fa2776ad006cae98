package kr.kisgateway.simulator.broker;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import kr.kisgateway.simulator.catalog.CatalogRequest;
import kr.kisgateway.simulator.catalog.KnownFields;
import kr.kisgateway.simulator.exchange.Tape;
import kr.kisgateway.simulator.us.UsStock;
import kr.kisgateway.wire.print.Percent;

/**
 * The rankings of US stocks, each sorted by the figure in its name, which stands in its column. Rankings that need a stock's
 * history (new highs and lows) or figures outside the market are sorted by market value.
 */
final class UsRankings {
    private static final int RANKED = 30;

    /** The rows of paged rankings: two and a half pages, as in the table's lists. */
    private static final int RANKED_ON_PAGES = 50;

    /** Ten-thousandths of a dollar. */
    private static final long DOLLAR = 10_000;

    private record Place(UsStock stock, double figure) {}

    private UsRankings() {}

    static KnownFields of(CatalogRequest question, List<UsStock> stocks) {
        String name = question.call().id().replace("overseas_stock_", "");
        boolean rising = !question.param("GUBN").equals("0");
        List<UsStock> ranked = stocks.stream()
                .map(stock -> new Place(stock, figure(name, rising, stock)))
                .sorted(Comparator.comparingDouble(Place::figure)
                        .reversed()
                        .thenComparing(place -> place.stock().symbol()))
                .limit(question.call().paging().isPresent() ? RANKED_ON_PAGES : RANKED)
                .map(Place::stock)
                .toList();
        double all = stocks.stream().mapToDouble(UsRankings::value).sum();
        List<Map<String, String>> rows = new ArrayList<>();
        for (UsStock stock : ranked) {
            Map<String, String> row = new HashMap<>(values(name, stock, all));
            row.put("rank", Integer.toString(rows.size() + 1));
            rows.add(row);
        }
        return new BlockRows()
                .withCodes(
                        "output2",
                        ranked.stream().map(stock -> stock.symbol().ticker()).toList())
                .list("output2", rows);
    }

    private static double figure(String name, boolean rising, UsStock stock) {
        Tape.Figures f = stock.tape().figures();
        return switch (name) {
            case "trade_vol" -> f.volume();
            case "trade_pbmn" -> f.turnover();
            case "trade_growth", "volume_surge" -> (double) f.volume() / typicalVolume(stock);
            case "trade_turnover" ->
                (double) f.volume() / Math.max(1, stock.instrument().listedShares());
            case "volume_power" -> f.sellVolume() == 0 ? 0 : (double) f.buyVolume() / f.sellVolume();
            case "updown_rate", "price_fluct" -> (rising ? 1.0 : -1.0) * (f.last() - f.base()) / f.base();
            default -> value(stock);
        };
    }

    private static Map<String, String> values(String name, UsStock stock, double valueOfAll) {
        Tape.Figures f = stock.tape().figures();
        long typicalVolume = typicalVolume(stock);
        long shares = stock.instrument().listedShares();
        long change = f.last() - f.base();
        return switch (name) {
            case "trade_vol" -> Map.of("a_tvol", text(typicalVolume));
            case "trade_pbmn" -> Map.of("a_tamt", text((long) ((double) typicalVolume * f.base() / DOLLAR)));
            case "trade_growth", "volume_surge" ->
                Map.of(
                        "n_tvol", text(typicalVolume),
                        "n_diff", text(f.volume() - typicalVolume),
                        "n_rate", Percent.of(f.volume() - typicalVolume, typicalVolume),
                        "trat", Percent.of(f.volume(), typicalVolume));
            case "trade_turnover" ->
                Map.of(
                        "n_tvol", text(typicalVolume),
                        "shar", text(shares),
                        "tover", Percent.of(f.volume(), shares),
                        "trat", Percent.of(f.volume(), shares));
            case "volume_power" ->
                Map.of(
                        "tpow", UsFrames.strength(f),
                        "powx", UsFrames.strength(f),
                        "strn", UsFrames.strength(f),
                        "bivl", text(f.sellVolume()),
                        "asvl", text(f.buyVolume()));
            case "updown_rate", "price_fluct" ->
                Map.of(
                        "n_base", UsFrames.price(f.base()),
                        "n_last", UsFrames.price(f.last()),
                        "n_diff", UsFrames.price(change),
                        "n_rate", UsFrames.rate(change, f.base()));
            case "market_cap" ->
                Map.of(
                        "shar", text(shares),
                        "tomv", text((long) value(stock)),
                        "mcap", text((long) value(stock)),
                        "grav", Percent.of((long) value(stock), (long) Math.max(1, valueOfAll)));
            default -> Map.of();
        };
    }

    /** The volume on the listing's date, used as the usual one. */
    private static long typicalVolume(UsStock stock) {
        return Math.max(1, stock.instrument().volume());
    }

    /** In dollars. */
    private static double value(UsStock stock) {
        return (double) stock.tape().last() * stock.instrument().listedShares() / DOLLAR;
    }

    private static String text(long number) {
        return Long.toString(number);
    }
}

package kr.kisgateway.market;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.LocalDate;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The US stocks and funds of the module's listing: the 200 largest of NASD, the 200 of NYSE and 40 of AMEX by market
 * value, with their closes of 2026-08-21, fifty more that are popular in Korea, nearly all of them funds, and the four
 * class shares BRK-A, BRK-B, BF-A and BF-B, which the source of the stocks leaves out. The figures of the last two groups
 * are round and chosen for this list. Immutable; load it once and pass it on.
 */
public final class UsListing {
    private static final LocalDate CLOSED_ON = LocalDate.of(2026, 8, 21);

    /** Assumed daily turnover and total value of a fund, in dollars, since its file has neither. [assumed] */
    private static final BigDecimal FUND_TURNOVER = BigDecimal.valueOf(500_000_000);

    private static final long FUND_VALUE = 20_000_000_000L;

    private final Map<UsSymbol, UsInstrument> bySymbol;
    private final List<UsInstrument> all;

    private UsListing(Map<UsSymbol, UsInstrument> bySymbol) {
        this.bySymbol = Map.copyOf(bySymbol);
        this.all = bySymbol.values().stream()
                .sorted(Comparator.comparing(UsInstrument::symbol))
                .toList();
    }

    /** The listing in the module's resources, parsed at each call. */
    public static UsListing load() {
        Map<UsSymbol, UsInstrument> bySymbol = new HashMap<>();
        for (String stocks : List.of("us-stocks.csv", "us-class-shares.csv")) {
            Csv.read(
                    stocks,
                    "exchange,symbol,name,close_usd,volume,market_cap_usd,sector,country",
                    row -> add(bySymbol, stock(row)));
        }
        Csv.read("us-etfs.csv", "exchange,symbol,name,base_price_usd,product", row -> add(bySymbol, fund(row)));
        return new UsListing(bySymbol);
    }

    private static void add(Map<UsSymbol, UsInstrument> bySymbol, UsInstrument instrument) {
        if (bySymbol.put(instrument.symbol(), instrument) != null) {
            throw new IllegalArgumentException(instrument.symbol() + " is listed twice");
        }
    }

    private static UsInstrument fund(List<String> row) {
        BigDecimal price = new BigDecimal(row.get(3));
        return new UsInstrument(
                new UsSymbol(UsExchange.valueOf(row.get(0)), row.get(1)),
                Product.valueOf(row.get(4)),
                row.get(2),
                price.movePointRight(4).longValueExact(),
                CLOSED_ON,
                FUND_TURNOVER.divide(price, 0, RoundingMode.DOWN).longValueExact(),
                FUND_VALUE,
                Optional.empty(),
                Optional.empty());
    }

    private static UsInstrument stock(List<String> row) {
        return new UsInstrument(
                new UsSymbol(UsExchange.valueOf(row.get(0)), row.get(1)),
                Product.STOCK,
                row.get(2),
                new BigDecimal(row.get(3)).movePointRight(4).longValueExact(),
                CLOSED_ON,
                Long.parseLong(row.get(4)),
                Long.parseLong(row.get(5)),
                nonEmpty(row.get(6)),
                nonEmpty(row.get(7)));
    }

    private static Optional<String> nonEmpty(String text) {
        return text.isEmpty() ? Optional.empty() : Optional.of(text);
    }

    public Optional<UsInstrument> find(UsSymbol symbol) {
        return Optional.ofNullable(bySymbol.get(symbol));
    }

    /** All instruments by ticker. */
    public List<UsInstrument> all() {
        return all;
    }
}

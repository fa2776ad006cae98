package kr.kisgateway.market;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The Korean instruments of the module's listing: the stocks of 2026-03-22 with their closes of 2026-03-20, and the
 * ETFs of 2024-01-05. Immutable; load it once and pass it on.
 *
 * <p>The stock listing determines what is listed. The exchange's base information adds an English name and a face value
 * where it has them (265 younger stocks and the ETFs have neither), and an ETF with the code of a stock is omitted.
 */
public final class Instruments {
    private static final LocalDate STOCKS_CLOSED_ON = LocalDate.of(2026, 3, 20);

    private static final Comparator<Instrument> BY_SYMBOL = Comparator.comparing(Instrument::symbol);

    private final Map<Symbol, Instrument> bySymbol;
    private final List<Instrument> all;

    private Instruments(Map<Symbol, Instrument> bySymbol) {
        var sorted = bySymbol.values().toArray(new Instrument[0]);
        Arrays.sort(sorted, BY_SYMBOL);
        this.bySymbol = bySymbol;
        this.all = List.of(sorted);
    }

    /**
     * The listing in the module's resources. Parses about 3,700 lines at each call; optimized for a cold JVM, since the
     * program's start waits for it (no formatter, regular expression or stream).
     */
    public static Instruments load() {
        var base = baseInformation();
        var stocks = new ArrayList<Instrument>(4096);
        Csv.read(
                "krx-stocks.csv",
                "code,isin,name,market,industry,listing_date,listed_shares,close_krw,volume,turnover_krw",
                row -> stocks.add(stock(row, base)));
        var etfs = new ArrayList<Instrument>(1024);
        Csv.read(
                "krx-etfs.csv",
                "code,name,date,listed_shares,close_krw,volume,turnover_krw",
                row -> etfs.add(etf(row)));
        return of(stocks, etfs);
    }

    /** A listing of {@code stocks}, and of {@code etfs} where no stock has their code. */
    static Instruments of(List<Instrument> stocks, List<Instrument> etfs) {
        var bySymbol = new HashMap<Symbol, Instrument>(8192);
        for (var stock : stocks) {
            if (bySymbol.put(stock.symbol(), stock) != null) {
                throw new IllegalArgumentException(stock.symbol() + " is listed twice");
            }
        }
        for (var etf : etfs) {
            bySymbol.putIfAbsent(etf.symbol(), etf);
        }
        return new Instruments(bySymbol);
    }

    /** The instrument listed under {@code symbol}, or empty when none is. */
    public Optional<Instrument> find(Symbol symbol) {
        return Optional.ofNullable(bySymbol.get(symbol));
    }

    /** All instruments in the order of their codes. */
    public List<Instrument> all() {
        return all;
    }

    /** How many instruments are listed. */
    public int size() {
        return all.size();
    }

    private record BaseInformation(Optional<String> nameEn, OptionalLong faceValue) {
        static final BaseInformation NONE = new BaseInformation(Optional.empty(), OptionalLong.empty());
    }

    private static Map<String, BaseInformation> baseInformation() {
        var base = new HashMap<String, BaseInformation>(8192);
        Csv.read(
                "krx-base-info.csv",
                "code,name_en,par_value",
                row -> base.put(row.get(0), new BaseInformation(text(row.get(1)), faceValue(row.get(2)))));
        return base;
    }

    /**
     * The par value in whole won. 무액면 and 0 mean a share without one; a fraction ({@code .25}) is the par of a foreign
     * company in its own currency, not won.
     */
    private static OptionalLong faceValue(String text) {
        long value = text.isEmpty() || text.equals("무액면") || text.indexOf('.') >= 0 ? 0 : Long.parseLong(text);
        return value > 0 ? OptionalLong.of(value) : OptionalLong.empty();
    }

    private static Instrument stock(List<String> row, Map<String, BaseInformation> base) {
        var details = base.getOrDefault(row.get(0), BaseInformation.NONE);
        return new Instrument(
                new Symbol(row.get(0)),
                text(row.get(1)),
                row.get(2),
                details.nameEn(),
                Board.valueOf(row.get(3)),
                Product.STOCK,
                text(row.get(4)),
                text(row.get(5)).map(Instruments::date),
                Long.parseLong(row.get(6)),
                details.faceValue(),
                Long.parseLong(row.get(7)),
                STOCKS_CLOSED_ON,
                Long.parseLong(row.get(8)),
                Long.parseLong(row.get(9)));
    }

    private static Instrument etf(List<String> row) {
        return new Instrument(
                new Symbol(row.get(0)),
                Optional.empty(),
                row.get(1),
                Optional.empty(),
                Board.KOSPI, // every Korean ETF is listed there
                Product.ETF,
                Optional.empty(),
                Optional.empty(),
                Long.parseLong(row.get(3)),
                OptionalLong.empty(),
                Long.parseLong(row.get(4)),
                date(row.get(2)),
                Long.parseLong(row.get(5)),
                Long.parseLong(row.get(6)));
    }

    private static Optional<String> text(String field) {
        return field.isEmpty() ? Optional.empty() : Optional.of(field);
    }

    /** {@code yyyy-MM-dd}. Parsed by hand: the formatter's first use costs more than the rest of {@link #load}. */
    private static LocalDate date(String text) {
        return LocalDate.of(
                Integer.parseInt(text, 0, 4, 10), Integer.parseInt(text, 5, 7, 10), Integer.parseInt(text, 8, 10, 10));
    }
}

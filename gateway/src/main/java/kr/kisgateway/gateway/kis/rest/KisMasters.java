package kr.kisgateway.gateway.kis.rest;

import java.math.BigDecimal;
import java.net.URI;
import java.nio.file.Path;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.LocalTime;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SequencedMap;
import java.util.stream.Stream;
import kr.kisgateway.client.master.BadMasterFieldException;
import kr.kisgateway.client.master.Coded;
import kr.kisgateway.client.master.MarketWarning;
import kr.kisgateway.client.master.MasterCopy;
import kr.kisgateway.client.master.MasterFailure;
import kr.kisgateway.client.master.MasterFile;
import kr.kisgateway.client.master.MasterFiles;
import kr.kisgateway.client.master.MasterFilesConfig;
import kr.kisgateway.client.master.MasterReply;
import kr.kisgateway.client.master.MasterRow;
import kr.kisgateway.client.master.OverseasListing;
import kr.kisgateway.client.master.OverseasType;
import kr.kisgateway.client.master.SecurityGroup;
import kr.kisgateway.client.master.StockListing;
import kr.kisgateway.gateway.instrument.Listed;
import kr.kisgateway.gateway.instrument.Listing;
import kr.kisgateway.gateway.instrument.ListingFlags;
import kr.kisgateway.gateway.instrument.ListingMarket;
import kr.kisgateway.gateway.instrument.MarketListing;
import kr.kisgateway.gateway.instrument.MasterFileSource;
import kr.kisgateway.gateway.instrument.Origin;
import kr.kisgateway.gateway.instrument.Origin.Source;
import kr.kisgateway.market.Instrument;
import kr.kisgateway.market.NxtListing;
import kr.kisgateway.market.Product;
import kr.kisgateway.market.Symbol;
import kr.kisgateway.market.TradingCalendar;
import kr.kisgateway.market.UsExchange;
import kr.kisgateway.market.UsSymbol;

/**
 * The broker's master files (종목마스터) as listings. A file decides the listed securities and their status; data it lacks
 * (English names, industries, the last thousand shares) comes from the list shipped with the program, where that has the same
 * security. Warrants, rights and beneficiary certificates are left out: the gateway has no rules for them.
 */
public final class KisMasters implements MasterFileSource {
    private static final BigDecimal UNITS_PER_DOLLAR = BigDecimal.valueOf(10_000);

    private static final SequencedMap<ListingMarket, MasterFile> FILES = new LinkedHashMap<>();

    static {
        FILES.put(ListingMarket.KOSPI, MasterFile.KOSPI);
        FILES.put(ListingMarket.KOSDAQ, MasterFile.KOSDAQ);
        FILES.put(ListingMarket.KONEX, MasterFile.KONEX);
        FILES.put(ListingMarket.NASD, MasterFile.NASDAQ);
        FILES.put(ListingMarket.NYSE, MasterFile.NYSE);
        FILES.put(ListingMarket.AMEX, MasterFile.AMEX);
    }

    private final MasterFiles files;
    private final Listing shipped;
    private final NxtListing nxt;

    private KisMasters(MasterFiles files, Listing shipped, NxtListing nxt) {
        this.files = files;
        this.shipped = shipped;
        this.nxt = nxt;
    }

    /**
     * Accesses neither network nor disk yet.
     *
     * @param base the folder on a server; empty for the broker's own
     * @param folder folder of the last good copies
     * @param renewedAt from this time of the day on (KST) a copy fetched earlier is outdated
     */
    public static KisMasters open(
            Optional<URI> base,
            Path folder,
            LocalTime renewedAt,
            Listing shipped,
            NxtListing nxt,
            InstantSource clock) {
        var config = MasterFilesConfig.standard(folder).withRefreshAt(renewedAt);
        return new KisMasters(MasterFiles.open(base.map(config::from).orElse(config), clock), shipped, nxt);
    }

    @Override
    public Optional<MarketListing> cached(ListingMarket market) {
        return files.storedCopy(file(market)).map(copy -> listing(market, copy, Source.CACHED));
    }

    @Override
    public Newest newest(ListingMarket market) {
        return switch (files.get(file(market))) {
            case MasterReply.Ok(MasterCopy copy) -> {
                boolean today = copy.trouble()
                        .filter(it -> it.code() != MasterFailure.Code.NOT_KEPT)
                        .isEmpty();
                yield new Newest.Available(listing(market, copy, today ? Source.MASTER : Source.CACHED));
            }
            case MasterReply.Failed(MasterFailure failure) -> new Newest.Unavailable(describe(failure));
        };
    }

    @Override
    public void close() {
        files.close();
    }

    @Override
    public List<ListingMarket> markets() {
        return List.copyOf(FILES.keySet());
    }

    private static MasterFile file(ListingMarket market) {
        return Optional.ofNullable(FILES.get(market))
                .orElseThrow(() -> new IllegalArgumentException("KIS has no master file of " + market));
    }

    private static String describe(MasterFailure failure) {
        return failure.code() + ": " + failure.cause() + "; " + failure.remedy();
    }

    private MarketListing listing(ListingMarket market, MasterCopy copy, Source source) {
        var origin = new Origin(
                source, copy.fetchedAt().atZone(TradingCalendar.SEOUL).toLocalDate());
        List<Listed> lines = Stream.concat(
                        copy.table().stocks().stream().flatMap(row -> korean(row, origin).stream()),
                        copy.table().overseas().stream().flatMap(row -> us(market, row, origin).stream()))
                .toList();
        return new MarketListing(market, origin, lines, copy.trouble().map(KisMasters::describe));
    }

    private Optional<Listed> korean(StockListing row, Origin origin) {
        var symbol = row.symbol();
        var product = row.group().recognized().flatMap(KisMasters::product);
        if (symbol.isEmpty() || product.isEmpty()) {
            return Optional.empty();
        }
        // A code may be reassigned to another company; the international code is unique. ETFs are shipped without one.
        var match = shipped.find(symbol.get())
                .filter(it -> it.isin().isEmpty() || it.isin().get().equals(row.isin()));
        return Optional.of(new Listed.Korean(
                instrument(row, symbol.get(), product.get(), match, origin.date()),
                Optional.of(new ListingFlags(row.halted(), row.liquidation(), row.managed(), warning(row.warning()))),
                row.basePrice().isPresent() && row.basePrice().getAsLong() > 0 ? row.basePrice() : OptionalLong.empty(),
                row.lot(),
                nxt.contains(symbol.get()),
                origin));
    }

    private static Instrument instrument(
            StockListing row, Symbol symbol, Product product, Optional<Instrument> match, LocalDate day) {
        long volume = number(row.row(), "prdy_vol").orElse(0);
        long base = Math.max(0, row.basePrice().orElse(0));
        // A file without yesterday's trading (KIS leaves it blank at times) shows nothing about liquidity.
        boolean traded = volume > 0 && base > 0;
        return new Instrument(
                symbol,
                Optional.of(row.isin()).filter(isin -> !isin.isEmpty()),
                row.name(),
                match.flatMap(Instrument::nameEn),
                row.market(),
                product,
                match.flatMap(Instrument::industry),
                row.listedOn().or(() -> match.flatMap(Instrument::listedOn)),
                shares(row, match),
                faceValue(row),
                base > 0 ? base : match.map(Instrument::close).orElse(0L),
                day,
                traded ? volume : match.map(Instrument::volume).orElse(0L),
                traded
                        ? saturatedProduct(volume, base)
                        : match.map(Instrument::turnover).orElse(0L));
    }

    /** The file counts in thousands: the shipped figure is used where it matches in thousands. */
    private static long shares(StockListing row, Optional<Instrument> match) {
        if (row.listedThousandShares().isEmpty()) {
            return match.map(Instrument::listedShares).orElse(0L);
        }
        long thousands = row.listedThousandShares().getAsLong();
        return match.map(Instrument::listedShares)
                .filter(exact -> exact / 1_000 == thousands)
                .orElse(saturatedProduct(thousands, 1_000));
    }

    private static OptionalLong faceValue(StockListing row) {
        // A fraction is the par of a foreign company in its own currency, not won.
        var value = number(row.row(), "stck_fcam");
        return value.isPresent() && value.getAsLong() > 0 ? value : OptionalLong.empty();
    }

    /** An optional field: an unreadable value counts as blank. */
    private static OptionalLong number(MasterRow row, String field) {
        try {
            return row.number(field);
        } catch (BadMasterFieldException _) {
            return OptionalLong.empty();
        }
    }

    /** Product of two non-negative figures; an overflow counts as the largest value. */
    private static long saturatedProduct(long count, long factor) {
        return factor == 0 || count <= Long.MAX_VALUE / factor ? count * factor : Long.MAX_VALUE;
    }

    private static Optional<Product> product(SecurityGroup group) {
        return switch (group) {
            case STOCK, INVESTMENT_COMPANY, REIT, SHIP_INVESTMENT, INFRASTRUCTURE, DEPOSITARY_RECEIPT, FOREIGN_STOCK ->
                Optional.of(Product.STOCK);
            case ETF, FOREIGN_ETF -> Optional.of(Product.ETF);
            case ETN -> Optional.of(Product.ETN);
            case ELW, SUBSCRIPTION_WARRANT, SUBSCRIPTION_RIGHT, BENEFICIARY_CERTIFICATE -> Optional.empty();
        };
    }

    private static ListingFlags.Warning warning(Coded<MarketWarning> coded) {
        if (coded.code().isEmpty()) {
            return ListingFlags.Warning.NONE;
        }
        return coded.recognized()
                .map(match -> switch (match) {
                    case NONE -> ListingFlags.Warning.NONE;
                    case CAUTION -> ListingFlags.Warning.CAUTION;
                    case WARNING -> ListingFlags.Warning.WARNING;
                    case DANGER -> ListingFlags.Warning.DANGER;
                })
                .orElse(ListingFlags.Warning.UNKNOWN);
    }

    private Optional<Listed> us(ListingMarket market, OverseasListing row, Origin origin) {
        var symbol = exchange(market).flatMap(exchange -> UsSymbol.of(exchange, row.symbol()));
        var product = row.type().recognized().flatMap(type -> product(type, row));
        if (symbol.isEmpty() || product.isEmpty()) {
            return Optional.empty();
        }
        var match = shipped.find(symbol.get().toString())
                .filter(Listed.Overseas.class::isInstance)
                .map(Listed.Overseas.class::cast);
        var base = row.basePrice().flatMap(KisMasters::units);
        return Optional.of(new Listed.Overseas(
                symbol.get(),
                market,
                product.get(),
                nonEmpty(row.koreanName()),
                nonEmpty(row.englishName()).or(() -> match.flatMap(Listed.Overseas::nameEn)),
                base.map(OptionalLong::of)
                        .orElseGet(() -> match.map(Listed.Overseas::close).orElse(OptionalLong.empty())),
                base.isPresent() ? Optional.of(origin.date()) : match.flatMap(Listed.Overseas::closeDate),
                match.map(Listed.Overseas::volume).orElse(0L),
                match.map(Listed.Overseas::listedShares).orElse(OptionalLong.empty()),
                match.flatMap(Listed.Overseas::sector),
                row.bidLot(),
                origin));
    }

    private static Optional<UsExchange> exchange(ListingMarket market) {
        return Arrays.stream(UsExchange.values())
                .filter(exchange -> exchange.name().equals(market.name()))
                .findFirst();
    }

    private static Optional<Product> product(OverseasType type, OverseasListing row) {
        return switch (type) {
            case STOCK -> Optional.of(Product.STOCK);
            case ETP ->
                Optional.of(
                        switch (row.row().text("etyp")) {
                            case "002", "006" -> Product.ETN;
                            default -> Product.ETF;
                        });
            case INDEX, WARRANT -> Optional.empty();
        };
    }

    /** Ten-thousandths of a dollar; empty for zero, and for more digits than prices have. */
    private static Optional<Long> units(BigDecimal dollars) {
        try {
            long units = dollars.multiply(UNITS_PER_DOLLAR).longValueExact();
            return units > 0 ? Optional.of(units) : Optional.empty();
        } catch (ArithmeticException _) {
            return Optional.empty();
        }
    }

    private static Optional<String> nonEmpty(String text) {
        return text.isEmpty() ? Optional.empty() : Optional.of(text);
    }
}

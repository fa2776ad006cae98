package kr.kisgateway.simulator.catalog;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.format.DateTimeFormatter;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import kr.kisgateway.simulator.history.History;
import kr.kisgateway.wire.print.Percent;

/**
 * Generates the columns of one row: plausible values, which agree with each other and with other rows about the same product
 * and day.
 */
final class RowValues {
    private static final DateTimeFormatter DAY = DateTimeFormatter.BASIC_ISO_DATE;
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HHmmss");
    private static final DateTimeFormatter MONTH = DateTimeFormatter.ofPattern("yyyyMM");
    private static final Pattern LEVEL = Pattern.compile("(?:askp|bidp|rsqn|ask|bid|price|qntt)(\\d{1,2})$");
    private static final Pattern STOCK_CODE = Pattern.compile("[0-9A-Z]{6}|Q[0-9]{6}");
    private static final Pattern INDEX_CODE = Pattern.compile("[0-9]{4}");
    private static final Pattern PERIOD_OF_DAYS = Pattern.compile("^.*(기간|시한).*$");

    /** The first digit of every made-up order number: accepted orders of the simulator never reach it. */
    private static final long FIRST_ORDER_NUMBER = 9_000_000_000L;

    private final Quotes quotes;
    private final MarketView market;
    private final Face face;
    private final RowContext context;
    private final SeededDraw draw;
    private final Map<PriceKind, Quote> quotesByKind = new EnumMap<>(PriceKind.class);

    /** The stock of the row, if it is listed. */
    private final Optional<ListedStock> stock;

    private final Optional<Fundamentals> fundamentals;

    RowValues(Quotes quotes, MarketView market, Face face, RowContext context, SeededDraw draw) {
        this.quotes = quotes;
        this.market = market;
        this.face = face;
        this.context = context;
        this.draw = draw;
        this.stock = switch (context.main()) {
            case STOCK -> market.find(code(PriceKind.STOCK)).map(it -> it);
            case FOREIGN -> market.findUs(code(PriceKind.FOREIGN));
            default -> Optional.empty();
        };
        this.fundamentals = domesticStock().map(krx -> quotes.fundamentals(krx.instrument()));
    }

    /**
     * The subject of a row.
     *
     * @param category of the call
     * @param main the kind of the row's main price
     * @param excd the requested overseas exchange
     * @param code of the row's product; empty = a fitting one of the common products
     * @param date the day
     * @param time of day
     * @param index of the row, 0 for the newest
     * @param stepsBack the number of later prices on the same day
     */
    record RowContext(
            String category,
            PriceKind main,
            String excd,
            Optional<String> code,
            LocalDate date,
            LocalTime time,
            int index,
            int stepsBack) {}

    String of(ColumnSpec column) {
        return fund().flatMap(fund -> fund.of(column.key()))
                .or(() -> Members.isMemberColumn(column.key())
                        ? members().flatMap(members -> members.of(column.key()))
                        : Optional.empty())
                .or(() -> ofDayBefore(column.key()))
                .or(() -> fundamentals.flatMap(figures ->
                        figures.of(column.key(), () -> quote(PriceKind.STOCK).last())))
                .orElseGet(() -> generate(column));
    }

    /** The volume of the day before, and today's in percent of it, in a row about a domestic stock today. */
    private Optional<String> ofDayBefore(String column) {
        if (!column.equals("prdy_vol") && !column.equals("prdy_vrss_vol_rate")
                || !context.date().equals(market.day())) {
            return Optional.empty();
        }
        return domesticStock().map(krx -> {
            History history = krx.lastYear();
            long before = history.size() == 0
                    ? krx.instrument().volume()
                    : history.bar(history.size() - 1).volume();
            return column.equals("prdy_vol") ? Long.toString(before) : Percent.of(krx.volume(), before);
        });
    }

    private Optional<KrxListedStock> domesticStock() {
        return stock.filter(KrxListedStock.class::isInstance).map(KrxListedStock.class::cast);
    }

    /** The members that traded the row's listed domestic stock. */
    private Optional<Members> members() {
        return context.main() == PriceKind.STOCK && stock.isPresent()
                ? Optional.of(new Members(
                        quotes.drawFor(PriceKind.STOCK, code(PriceKind.STOCK))
                                .with("members")
                                .with(context.date().toEpochDay()),
                        quote(PriceKind.STOCK).volume()))
                : Optional.empty();
    }

    /** The fund of the row, if it is one. */
    private Optional<NetAssets> fund() {
        return context.category().equals("etfetn") && context.main() == PriceKind.STOCK
                ? Optional.of(new NetAssets(
                        quotes.drawFor(PriceKind.STOCK, code(PriceKind.STOCK)),
                        quote(PriceKind.STOCK),
                        context.date(),
                        market.tradingDayBefore(context.date()),
                        name(PriceKind.STOCK),
                        listed(PriceKind.STOCK).map(ListedStock::listedShares).orElse(0L)))
                : Optional.empty();
    }

    private String generate(ColumnSpec column) {
        String name = column.key();
        PriceKind kind = column.kind();
        SeededDraw ownDraw = draw.with(name);
        return switch (column.meaning()) {
            case STOCK_NAME ->
                column.title().contains("업종") ? Products.oneOf(Products.INDUSTRIES, draw.with("industry")) : name(kind);
            case GREEK -> decimal(ownDraw.between(-9_999, 9_999), 4);
            case ENGLISH_NAME -> listed(kind).map(RowValues::englishName).orElse(code(kind));
            case MEMBER_NAME -> Members.any(draw.with("member"), false);
            case INDUSTRY_NAME -> Products.oneOf(Products.INDUSTRIES, draw.with("industry"));
            case MARKET_NAME -> listed(kind).map(ListedStock::market).orElse("KOSPI");
            case CURRENCY_NAME -> foreign() ? "미국 달러" : "원";
            case COUNTRY_NAME -> foreign() ? "미국" : "대한민국";
            case ACCOUNT_NAME -> "모의계좌";
            case SIDE_NAME -> draw.with("side").below(2) == 0 ? "매도" : "매수";
            case TITLE -> name(kind) + ' ' + Products.oneOf(Products.HEADLINES, ownDraw);
            case TEXT -> ColumnTexts.of(name, ownDraw).orElseGet(() -> text(column));
            case BLANK -> "";
            case YES_NO -> name.equals("e_ordyn") ? "매매 가능" : ownDraw.below(8) == 0 ? "Y" : "N";
            case SIGN -> Quote.sign(quote(kind).change());
            case CODE -> code(kind);
            case ISIN ->
                listed(kind)
                        .map(ListedStock::isin)
                        .filter(isin -> !isin.isEmpty())
                        .orElse(isin(code(kind)));
            case REALTIME_KEY -> "D" + context.excd() + code(kind);
            case INDEX_CODE -> code(PriceKind.INDEX);
            case CURRENCY -> foreign() ? "USD" : "KRW";
            case COUNTRY -> foreign() ? "840" : "410";
            case EXCHANGE -> exchange(name);
            case ORDER_NUMBER -> Long.toString(FIRST_ORDER_NUMBER + ownDraw.below(1_000_000));
            case BRANCH -> face.orgNo();
            case ACCOUNT_NUMBER -> "00000000";
            case ACCOUNT_PRODUCT -> "01";
            case MEMBER_NUMBER -> Members.any(draw.with("member"), true);
            case PRODUCT_TYPE -> foreign() ? "512" : context.category().equals("domestic_futureoption") ? "301" : "300";
            case SIDE -> draw.with("side").below(2) == 0 ? "01" : "02";
            case CODE_WORD -> codeWord(name, ownDraw);
            case NUMBER -> Long.toString(ownDraw.between(1, 99_999));
            case DATE_TIME -> DAY.format(context.date()) + TIME.format(context.time());
            case TIME -> TIME.format(context.time());
            case ROW_DATE -> DAY.format(context.date());
            case PAST_DATE -> period(column, context.date().minusDays(ownDraw.between(1, 700)));
            case FUTURE_DATE -> period(column, context.date().plusDays(ownDraw.between(2, 700)));
            case YEAR_MONTH ->
                MONTH.format(context.date().minusMonths(3L * context.index()).withDayOfMonth(1));
            case MONTH -> name.contains("mmdd") ? "1231" : "12";
            case ASK -> price(kind, ask(kind, level(name)));
            case BID -> price(kind, bid(kind, level(name)));
            case ASK_QUANTITY ->
                listed(kind)
                        .map(it -> Long.toString(it.askQty(level(name))))
                        .orElse(Long.toString(ownDraw.between(10, 5_000)));
            case BID_QUANTITY ->
                listed(kind)
                        .map(it -> Long.toString(it.bidQty(level(name))))
                        .orElse(Long.toString(ownDraw.between(10, 5_000)));
            case TOTAL_ASK ->
                listed(kind)
                        .map(it -> Long.toString(it.totalAskQty()))
                        .orElse(Long.toString(ownDraw.between(20_000, 60_000)));
            case TOTAL_BID ->
                listed(kind)
                        .map(it -> Long.toString(it.totalBidQty()))
                        .orElse(Long.toString(ownDraw.between(20_000, 60_000)));
            case LAST -> price(kind, quote(kind).last());
            case PREVIOUS -> price(kind, quote(kind).previous());
            case OPEN -> price(kind, quote(kind).open());
            case HIGH -> price(kind, quote(kind).high());
            case LOW -> price(kind, quote(kind).low());
            case UPPER -> price(kind, quote(kind).upper());
            case LOWER -> price(kind, quote(kind).lower());
            case YEAR_HIGH -> price(kind, quote(kind).high() + 30 * quote(kind).tick());
            case YEAR_LOW ->
                price(
                        kind,
                        Math.max(
                                quote(kind).tick(),
                                quote(kind).low() - 30 * quote(kind).tick()));
            case AGAINST -> price(kind, quote(kind).last() - referencePrice(name, quote(kind)));
            case AGAINST_PERCENT ->
                Percent.of(quote(kind).last() - referencePrice(name, quote(kind)), referencePrice(name, quote(kind)));
            case CHANGE -> price(kind, quote(kind).change());
            case CHANGE_PERCENT -> Percent.of(quote(kind).change(), quote(kind).previous());
            case TICK -> price(kind, quote(kind).tick());
            case UNIT_PRICE ->
                price(
                        kind,
                        quote(kind).last()
                                + ownDraw.between(-3, 3) * quote(kind).tick());
            case VOLUME -> Long.toString(quote(kind).volume());
            case TURNOVER -> turnover(name, kind, ownDraw);
            case LISTED_SHARES ->
                listed(kind)
                        .map(it -> Long.toString(it.listedShares()))
                        .orElse(Long.toString(draw.with("shares").between(10_000_000, 900_000_000)));
            case DECIMALS -> Integer.toString(kind.scale);
            case RATE -> decimal(ownDraw.between(0, 9_999), 2);
            case DECIMAL -> decimal(ownDraw.between(1, 9_999), 2);
            case EXCHANGE_RATE -> decimal(ownDraw.between(13_000, 14_500), 1) + "0";
            case RANK -> Integer.toString(context.index() + 1);
            // The book that the caller received last is not recorded.
            case BOOK_CHANGE -> "0";
            case BOOK_NET ->
                listed(kind)
                        .map(it -> Long.toString(it.totalBidQty() - it.totalAskQty()))
                        .orElse(Long.toString(ownDraw.between(-50_000, 50_000)));
            case SIGNED_QUANTITY -> Long.toString(ownDraw.between(-50_000, 50_000));
            case QUANTITY -> Long.toString(ownDraw.between(0, 50_000));
            case COUNT -> Long.toString(ownDraw.between(1, 300));
            case SIGNED_AMOUNT -> amount(name, ownDraw.between(-9_000_000, 9_000_000));
            case AMOUNT -> amount(name, ownDraw.between(0, 90_000_000));
        };
    }

    /** The code of the row in the spelling of {@code kind}. */
    private String code(PriceKind kind) {
        boolean underlying = kind == PriceKind.STOCK && context.main() != PriceKind.STOCK;
        return context.code()
                .filter(requestedCode -> !underlying && fits(requestedCode, kind))
                .orElseGet(() -> Products.codes(kind)
                        .get(context.index() % Products.codes(kind).size()));
    }

    private boolean fits(String code, PriceKind kind) {
        return switch (kind) {
            case STOCK -> STOCK_CODE.matcher(code).matches();
            case INDEX -> foreign() || INDEX_CODE.matcher(code).matches();
            case BOND, YIELD, ELW, FUTURE, OPTION, FOREIGN, FOREIGN_FUTURE -> true;
        };
    }

    private Optional<ListedStock> listed(PriceKind kind) {
        if (kind == context.main()) {
            return stock;
        }
        return kind == PriceKind.STOCK ? market.find(code(kind)).map(it -> it) : Optional.empty();
    }

    private String name(PriceKind kind) {
        return listed(kind).map(ListedStock::name).orElseGet(() -> Products.name(kind, code(kind)));
    }

    /** The name in the listing of a US stock; of a Korean one its English name, where the listing has one. */
    private static String englishName(ListedStock stock) {
        return stock instanceof KrxListedStock krx ? krx.instrument().nameEn().orElse(krx.name()) : stock.name();
    }

    private Quote quote(PriceKind kind) {
        return quotesByKind.computeIfAbsent(
                kind, of -> quotes.quoteAt(of, code(of), context.date(), context.stepsBack(), market));
    }

    private String price(PriceKind kind, long units) {
        return BigDecimal.valueOf(units, kind.scale).toPlainString();
    }

    private long ask(PriceKind kind, int level) {
        return listed(kind).map(it -> it.ask(level)).orElseGet(() -> {
            Quote quote = quote(kind);
            return quote.last() + level * quote.tick();
        });
    }

    private long bid(PriceKind kind, int level) {
        return listed(kind).map(it -> it.bid(level)).orElseGet(() -> {
            Quote quote = quote(kind);
            return Math.max(quote.tick(), quote.last() - (level - 1) * quote.tick());
        });
    }

    /** The number at a book column's end; 1 for a best price without one. */
    private static int level(String name) {
        Matcher number = LEVEL.matcher(name);
        int level = number.find() ? Integer.parseInt(number.group(1)) : 1;
        return Math.clamp(level, 1, 10);
    }

    private static long referencePrice(String name, Quote quote) {
        if (name.contains("oprc")) {
            return quote.open();
        }
        if (name.contains("hgpr")) {
            return quote.high();
        }
        return name.contains("lwpr") ? quote.low() : quote.previous();
    }

    private String turnover(String name, PriceKind kind, SeededDraw ownDraw) {
        if (name.contains("ntby")) {
            return Long.toString(ownDraw.between(-9_000_000, 9_000_000));
        }
        return name.startsWith("acml") || name.equals("tamt")
                ? Long.toString(quote(kind).turnover())
                : Long.toString(ownDraw.between(0, 90_000_000));
    }

    private String amount(String name, long won) {
        return name.contains("frcr") || context.category().equals("overseas_futureoption")
                ? decimal(won / 1_000, 2)
                : Long.toString(won);
    }

    private String exchange(String name) {
        if (context.category().equals("overseas_futureoption")) {
            return "CME";
        }
        if (!foreign()) {
            return name.contains("excg_dvsn") ? "02" : "KRX";
        }
        return name.equals("excd") ? context.excd() : "NASD";
    }

    private boolean foreign() {
        return context.category().startsWith("overseas");
    }

    private static String codeWord(String name, SeededDraw draw) {
        return name.endsWith("cd") ? "0" + draw.below(4) : Long.toString(draw.below(3));
    }

    /** The title without its last word "name": the kind of entity that a real text would name. */
    private static String text(ColumnSpec column) {
        String title = column.title().replaceAll("(코드명|명|내용)?\\d*$", "").strip();
        return title.isEmpty() ? "일반" : title;
    }

    /** The date, or a span for columns of periods: {@code 2026/01/02 ~ 2026/01/20}. */
    private static String period(ColumnSpec column, LocalDate day) {
        return PERIOD_OF_DAYS.matcher(column.title()).matches() && column.name().contains("term")
                ? DAY.format(day) + "~" + DAY.format(day.plusDays(14))
                : DAY.format(day);
    }

    /** A code of twelve characters in the form of an ISIN. */
    private static String isin(String code) {
        String plain = code.replaceAll("[^0-9A-Z]", "");
        return plain.length() >= 12 ? plain.substring(0, 12) : ("KR7" + plain + "000000000").substring(0, 12);
    }

    private static String decimal(long units, int scale) {
        return BigDecimal.valueOf(units, scale)
                .setScale(scale, RoundingMode.UNNECESSARY)
                .toPlainString();
    }
}

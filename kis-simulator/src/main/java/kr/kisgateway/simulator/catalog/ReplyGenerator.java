package kr.kisgateway.simulator.catalog;

import java.time.LocalDate;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import kr.kisgateway.wire.RestCall;
import kr.kisgateway.wire.RestCall.Block;

/**
 * Answers every call of the catalog in its right shape: blocks, columns and pages as the catalog has them, with plausible
 * values for the meaning of a column, equal for equal requests. Prices of listed stocks are the market's current ones;
 * everything else in an answer follows from seed, call and parameters. Not thread-safe.
 */
public final class ReplyGenerator {
    private static final LocalTime CLOSE = LocalTime.of(15, 30);
    private static final int SESSION_MINUTES = 390;
    /** Calls about one product that refuse unlisted domestic stocks. */
    private static final Set<String> INFORMATION =
            Set.of("domestic_stock_search_info", "domestic_stock_search_stock_info");

    private static final Pattern UNSPECIFIED = Pattern.compile("[ %0]*");
    private static final Pattern HOUR = Pattern.compile("[01][0-9][0-5][0-9][0-5][0-9]|2[0-3][0-5][0-9][0-5][0-9]");

    private final long seed;
    private final Face face;
    private final MarketView market;
    private final Quotes quotes;
    private final Rankings rankings;
    /** By the catalog's own blocks, so bounded by their number. */
    private final Map<Block, ColumnSpec.RowSpec> cells = new IdentityHashMap<>();

    public ReplyGenerator(long seed, Face face, MarketView market) {
        this.seed = seed;
        this.face = face;
        this.market = market;
        this.quotes = new Quotes(seed);
        this.rankings = new Rankings(seed);
    }

    /** The answer to a request that {@link RequestValidator} accepted, from the market alone. */
    public Reply answer(CatalogRequest request) {
        if (INFORMATION.contains(request.call().id())
                && request.param("PRDT_TYPE_CD").equals("300")
                && market.find(request.param("PDNO")).isEmpty()) {
            return Reply.refused(200, "7", "KIOK0560", Reply.padded("조회할 내용이 없습니다"));
        }
        if (UnknownProduct.isIndexRequested(request)) {
            return answer(request, new UnknownProduct(request.call()));
        }
        MarketView requested = market.forDivision(request.param("FID_COND_MRKT_DIV_CODE"));
        return answer(
                request,
                switch (request.call().id()) {
                    case "domestic_stock_chk_holiday" ->
                        new Holidays(
                                CatalogRequest.day(request.param("BASS_DT")).orElse(market.day()), market);
                    case "domestic_stock_intstock_multprice" -> MultiRow.of(request);
                    case "domestic_stock_search_info" -> new ProductInformation(request);
                    case "domestic_stock_search_stock_info" -> StockInformation.of(request.param("PDNO"), market);
                    case "domestic_stock_inquire_daily_price" -> Charts.lastDays(request, requested, seed);
                    case "domestic_stock_inquire_daily_itemchartprice" -> Charts.days(request, requested);
                    case "domestic_stock_inquire_time_itemchartprice" -> Charts.minutesOfToday(request, requested);
                    case "domestic_stock_inquire_time_dailychartprice" -> Charts.minutes(request, requested);
                    case "domestic_stock_inquire_ccnl" -> Trades.latest(request, requested, seed);
                    case "domestic_stock_inquire_time_itemconclusion" -> Trades.until(request, requested, seed);
                    case "domestic_stock_inquire_time_overtimeconclusion" ->
                        Trades.afterHours(request, requested, seed);
                    case "domestic_stock_inquire_overtime_price", "domestic_stock_inquire_daily_overtimeprice" ->
                        AfterHours.present(request, requested);
                    case "domestic_stock_inquire_investor" -> InvestorTrades.ofStock(request, requested, seed);
                    case "domestic_stock_inquire_index_price" ->
                        indexFields(request, () -> quotes.indices().currentRow(request, market));
                    case "domestic_stock_inquire_daily_indexchartprice" ->
                        indexFields(request, () -> quotes.indices().days(request, "output2", market));
                    case "domestic_stock_inquire_index_daily_price" ->
                        indexFields(request, () -> quotes.indices().lastDays(request, market));
                    case "domestic_stock_inquire_index_timeprice", "domestic_stock_inquire_index_tickprice" ->
                        indexFields(request, () -> quotes.indices().minutes(request, "output", market));
                    case "domestic_stock_inquire_time_indexchartprice" ->
                        indexFields(request, () -> quotes.indices().minutes(request, "output2", market));
                    case "domestic_stock_inquire_index_category_price", "domestic_stock_exp_total_index" ->
                        quotes.indices().industryBoard(request, market);
                    case "domestic_stock_news_title", "overseas_stock_brknews_title" ->
                        News.until(request, market, seed, "output", "FID_INPUT_DATE_1", "FID_INPUT_HOUR_1");
                    case "overseas_stock_news_title" ->
                        News.until(request, market, seed, "outblock1", "DATA_DT", "DATA_TM");
                    case "domestic_stock_exp_index_trend" -> quotes.indices().minutes(request, "output", market);
                    default -> ranking(request, requested);
                });
    }

    private static KnownFields indexFields(CatalogRequest request, Supplier<KnownFields> fields) {
        return Indices.isIndex(request.param("FID_INPUT_ISCD")) ? fields.get() : KnownFields.NONE;
    }

    private KnownFields ranking(CatalogRequest request, MarketView requested) {
        return Rankings.supports(request.call().id()) ? rankings.answer(request, requested) : KnownFields.NONE;
    }

    /** The answer about an account, of which {@code fields} are what the ledger fills; without any it is empty. */
    public Reply ledgerAnswer(CatalogRequest request, KnownFields fields) {
        return answer(request, new EmptyLedgerFields(request.call(), fields, block -> cells(request.call(), block)));
    }

    /** The answer to a request that {@link RequestValidator} accepted. */
    public Reply answer(CatalogRequest request, KnownFields fields) {
        RestCall call = request.call();
        SeededDraw draw = request.draw(seed);
        Optional<Block> paged = AnswerShapes.paged(call);
        Optional<Pages> pages =
                paged.map(block -> Pages.of(request, pageRows(request), total(request, fields, block), seed));
        Json json = Json.object();
        Set<String> blockColumns = new HashSet<>();
        call.outputs().forEach(block -> block.columns().forEach(column -> blockColumns.add(column.name())));
        pages.ifPresent(of -> of.context().forEach((name, value) -> {
            if (!blockColumns.contains(name)) {
                json.field(name, value);
            }
        }));
        for (Block block : call.outputs()) {
            SeededDraw ownDraw = draw.with(block.name());
            if (!AnswerShapes.isList(call, block)) {
                json.startObject(block.name());
                row(json, request, block, fields, 0, market.day(), ownDraw, pages);
                json.end();
                continue;
            }
            boolean isPaged = paged.filter(block::equals).isPresent();
            int from = isPaged ? pages.map(Pages::from).orElse(0) : 0;
            int to = isPaged ? pages.map(Pages::to).orElse(0) : rows(request, fields, block);
            boolean intraday = cells(call, block).intraday();
            boolean dated = cells(call, block).has(Meaning.ROW_DATE);
            List<LocalDate> days = days(request, intraday ? to / SESSION_MINUTES + 1 : to, false);
            json.startArray(block.name());
            for (int i = from; i < to; i++) {
                LocalDate day = intraday || dated ? days.get(intraday ? i / SESSION_MINUTES : i) : market.day();
                json.startRow();
                row(json, request, block, fields, i, day, ownDraw.with(i), pages);
                json.end();
            }
            json.endArray();
        }
        message(json, request, pages, fields, paged);
        return new Reply(200, pages.map(Pages::trCont).orElse(""), json.text());
    }

    private ColumnSpec.RowSpec cells(RestCall call, Block block) {
        return cells.computeIfAbsent(block, of -> ColumnSpec.RowSpec.of(of.columns(), call.category()));
    }

    private int pageRows(CatalogRequest request) {
        return request.rows().orElse(AnswerShapes.pageRows(request.call(), face));
    }

    /** Rows on all pages together: the known number, else two and a half pages, as far as the requested days reach. */
    private int total(CatalogRequest request, KnownFields fields, Block block) {
        return fields.rows(block.name()).orElseGet(() -> {
            int page = pageRows(request);
            int total = 2 * page + page / 2;
            return !request.call().isLedger() && cells(request.call(), block).series()
                    ? bounded(request, block, total)
                    : total;
        });
    }

    private int rows(CatalogRequest request, KnownFields fields, Block block) {
        return fields.rows(block.name()).orElseGet(() -> {
            int defaultRows =
                    request.call().paging().isPresent() && request.call().isLedger()
                            ? 1
                            : request.rows().orElse(AnswerShapes.rows(request.call(), block));
            return cells(request.call(), block).series() ? bounded(request, block, defaultRows) : defaultRows;
        });
    }

    private int bounded(CatalogRequest request, Block block, int rows) {
        Optional<LocalDate> start = request.start();
        if (start.isEmpty() || cells(request.call(), block).intraday()) {
            return rows;
        }
        return (int) days(request, rows, true).stream()
                .filter(day -> !day.isBefore(start.get()))
                .count();
    }

    private void row(
            Json json,
            CatalogRequest request,
            Block block,
            KnownFields fields,
            int index,
            LocalDate date,
            SeededDraw draw,
            Optional<Pages> pages) {
        boolean list = AnswerShapes.isList(request.call(), block);
        ColumnSpec.RowSpec cells = cells(request.call(), block);
        boolean intraday = list && cells.intraday();
        boolean series = list && cells.series();
        LocalTime time = list ? time(request).minusMinutes(index % SESSION_MINUTES) : time(request);
        Optional<String> requested = !list || series || request.call().isLedger() ? request.code() : Optional.empty();
        RowValues.RowContext context = new RowValues.RowContext(
                request.call().category(),
                cells.main(),
                request.param("EXCD").isEmpty() ? "NAS" : request.param("EXCD"),
                fields.code(block.name(), index).or(() -> requested),
                date,
                time,
                index,
                intraday ? index : 0);
        RowValues values =
                new RowValues(quotes, market.forDivision(request.param("FID_COND_MRKT_DIV_CODE")), face, context, draw);
        Map<String, String> fieldValues = fields.values(block.name(), index);
        for (ColumnSpec column : cells.cells()) {
            String name = column.name();
            Optional<String> pageContext = pages.map(Pages::context)
                    .filter(all -> all.containsKey(name))
                    .map(all -> all.getOrDefault(name, ""));
            if (pageContext.isPresent()) {
                json.field(name, pageContext.get());
            } else if (fieldValues.containsKey(name)) {
                json.field(name, fieldValues.getOrDefault(name, ""));
            } else {
                json.field(name, echoRequest(request, column, list).orElseGet(() -> values.of(column)));
            }
        }
    }

    /** The request's value for a column with the name of a parameter, where it has one. */
    private static Optional<String> echoRequest(CatalogRequest request, ColumnSpec column, boolean list) {
        String requested = request.param(column.key().toUpperCase(Locale.ROOT));
        boolean isRowDate = list && column.meaning() == Meaning.ROW_DATE;
        return requested.isEmpty()
                        || isRowDate
                        || UNSPECIFIED.matcher(requested).matches()
                ? Optional.empty()
                : Optional.of(requested);
    }

    /**
     * The days of a list's rows, newest first.
     *
     * @param bounds whether rows before the first requested day show that day
     */
    private List<LocalDate> days(CatalogRequest request, int count, boolean bounds) {
        List<LocalDate> days = new ArrayList<>();
        LocalDate day = request.end(market.day());
        if (day.isBefore(market.day()) ? !market.wasTradingDay(day) : !market.isTradingDay(day)) {
            day = market.tradingDayBefore(day);
        }
        LocalDate first = request.start().orElse(LocalDate.MIN);
        for (int i = 0; i < count; i++) {
            days.add(day);
            day = previousDay(request, day);
            // Lists of events have several on a day; where each row is a day they end here.
            day = day.isBefore(first) && !bounds ? first : day;
        }
        return days;
    }

    /** The day of the next row: the trading day before, or that of the week, month or year before. */
    private LocalDate previousDay(CatalogRequest request, LocalDate day) {
        LocalDate step = switch (request.param("FID_PERIOD_DIV_CODE")) {
            case "W" -> day.minusDays(6);
            case "M" -> day.minusMonths(1).plusDays(1);
            case "Y" -> day.minusYears(1).plusDays(1);
            default -> day;
        };
        return market.tradingDayBefore(step);
    }

    private static LocalTime time(CatalogRequest request) {
        String requested = request.param("FID_INPUT_HOUR_1");
        return HOUR.matcher(requested).matches() && !requested.equals("000000")
                ? LocalTime.of(
                        Integer.parseInt(requested.substring(0, 2)),
                        Integer.parseInt(requested.substring(2, 4)),
                        Integer.parseInt(requested.substring(4)))
                : CLOSE;
    }

    private void message(
            Json json, CatalogRequest request, Optional<Pages> pages, KnownFields fields, Optional<Block> paged) {
        RestCall call = request.call();
        json.field("rt_cd", "0");
        if (call.isOrder()) {
            String[] codeAndText = accepted(request);
            json.field("msg_cd", codeAndText[0]).field("msg1", Reply.padded(codeAndText[1]));
        } else if (!call.isLedger()) {
            json.field("msg_cd", "MCA00000").field("msg1", "정상처리 되었습니다.");
        } else if (face == Face.PAPER
                && paged.flatMap(block -> fields.rows(block.name()))
                        .filter(rows -> rows == 0)
                        .isPresent()) {
            json.field("msg_cd", "70070000").field("msg1", Reply.padded("모의투자 조회할 내역(자료)이 없습니다."));
        } else if (pages.filter(Pages::more).isPresent()) {
            json.field("msg_cd", "KIOK0500").field("msg1", Reply.padded("조회가 계속됩니다..다음버튼을 Click 하십시오."));
        } else if (pages.filter(page -> page.from() > 0).isPresent()) {
            json.field("msg_cd", "KIOK0460").field("msg1", Reply.padded("조회 되었습니다. (마지막 자료)"));
        } else {
            json.field("msg_cd", "KIOK0510").field("msg1", Reply.padded("조회가 완료되었습니다"));
        }
    }

    private String[] accepted(CatalogRequest request) {
        if (face == Face.LIVE) {
            return new String[] {"APBK0013", "주문 전송 완료 되었습니다."};
        }
        if (request.call().path().endsWith("rvsecncl")) {
            return request.param("RVSE_CNCL_DVSN_CD").equals("02")
                    ? new String[] {"40640000", "모의투자 취소주문이 완료 되었습니다."}
                    : new String[] {"40630000", "모의투자 정정주문이 완료 되었습니다"};
        }
        boolean sell = request.param("SLL_BUY_DVSN_CD").equals("01")
                || request.call().trIds().stream()
                        .filter(id -> id.paper().filter(request.trId()::equals).isPresent())
                        .anyMatch(id -> id.when().toLowerCase(Locale.ROOT).contains("sell"));
        return sell
                ? new String[] {"40590000", "모의투자 매도주문이 완료 되었습니다."}
                : new String[] {"40600000", "모의투자 매수주문이 완료 되었습니다."};
    }
}

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
 * Answers every call of the catalog with its right shape: blocks, columns and pages as the catalog has them, values that
 * are plausible for what a column means and that come out the same whenever the same is asked. Prices of listed stocks
 * are the market's of now; everything else about an answer follows from seed, call and parameters. For one thread.
 */
public final class ReplyTable {
    private static final LocalTime CLOSE = LocalTime.of(15, 30);
    private static final int SESSION_MINUTES = 390;
    /** They tell of one product, and know the domestic stocks there are. */
    private static final Set<String> INFORMATION =
            Set.of("domestic_stock_search_info", "domestic_stock_search_stock_info");

    private static final Pattern NOT_SAID = Pattern.compile("[ %0]*");
    private static final Pattern HOUR = Pattern.compile("[01][0-9][0-5][0-9][0-5][0-9]|2[0-3][0-5][0-9][0-5][0-9]");

    private final long seed;
    private final Face face;
    private final MarketView market;
    private final Quotes quotes;
    private final Rankings rankings;
    /** By the catalog's own blocks, so as many as it has. */
    private final Map<Block, Cell.Row> cells = new IdentityHashMap<>();

    public ReplyTable(long seed, Face face, MarketView market) {
        this.seed = seed;
        this.face = face;
        this.market = market;
        this.quotes = new Quotes(seed);
        this.rankings = new Rankings(seed);
    }

    /** The answer to a question that {@link Requests} let pass, of which nothing but the market is known. */
    public Reply answer(Question question) {
        if (INFORMATION.contains(question.call().id())
                && question.param("PRDT_TYPE_CD").equals("300")
                && market.find(question.param("PDNO")).isEmpty()) {
            return Reply.refused(200, "7", "KIOK0560", Reply.padded("조회할 내용이 없습니다"));
        }
        MarketView asked = market.on(question.param("FID_COND_MRKT_DIV_CODE"));
        return answer(
                question,
                switch (question.call().id()) {
                    case "domestic_stock_chk_holiday" ->
                        new Holidays(Question.day(question.param("BASS_DT")).orElse(market.day()), market);
                    case "domestic_stock_intstock_multprice" -> Several.asked(question);
                    case "domestic_stock_search_info" -> new Information(question);
                    case "domestic_stock_search_stock_info" -> new Board(market.find(question.param("PDNO")));
                    case "domestic_stock_inquire_daily_price" -> Charts.lastDays(question, asked, seed);
                    case "domestic_stock_inquire_daily_itemchartprice" -> Charts.days(question, asked);
                    case "domestic_stock_inquire_time_itemchartprice" -> Charts.minutesOfToday(question, asked);
                    case "domestic_stock_inquire_time_dailychartprice" -> Charts.minutes(question, asked);
                    case "domestic_stock_inquire_ccnl" -> Trades.latest(question, asked, seed);
                    case "domestic_stock_inquire_time_itemconclusion" -> Trades.until(question, asked, seed);
                    case "domestic_stock_inquire_time_overtimeconclusion" -> Trades.afterHours(question, asked, seed);
                    case "domestic_stock_inquire_overtime_price", "domestic_stock_inquire_daily_overtimeprice" ->
                        AfterHours.present(question, asked);
                    case "domestic_stock_inquire_investor" -> Investors.ofStock(question, asked, seed);
                    case "domestic_stock_inquire_index_price" ->
                        ofIndex(question, () -> quotes.indices().present(question, market));
                    case "domestic_stock_inquire_daily_indexchartprice" ->
                        ofIndex(question, () -> quotes.indices().days(question, "output2", market));
                    case "domestic_stock_inquire_index_daily_price" ->
                        ofIndex(question, () -> quotes.indices().lastDays(question, market));
                    case "domestic_stock_inquire_index_timeprice", "domestic_stock_inquire_index_tickprice" ->
                        ofIndex(question, () -> quotes.indices().minutes(question, "output", market));
                    case "domestic_stock_inquire_time_indexchartprice" ->
                        ofIndex(question, () -> quotes.indices().minutes(question, "output2", market));
                    case "domestic_stock_inquire_index_category_price", "domestic_stock_exp_total_index" ->
                        quotes.indices().board(question, market);
                    case "domestic_stock_exp_index_trend" -> quotes.indices().minutes(question, "output", market);
                    default -> ranking(question, asked);
                });
    }

    private static Known ofIndex(Question question, Supplier<Known> known) {
        return Indices.knows(question.param("FID_INPUT_ISCD")) ? known.get() : Known.NOTHING;
    }

    private Known ranking(Question question, MarketView asked) {
        return Rankings.knows(question.call().id()) ? rankings.answer(question, asked) : Known.NOTHING;
    }

    /** The answer to a question that {@link Requests} let pass. */
    public Reply answer(Question question, Known known) {
        RestCall call = question.call();
        Draw draw = question.draw(seed);
        Optional<Block> paged = Shapes.paged(call);
        Optional<Pages> pages =
                paged.map(block -> Pages.of(question, pageRows(question), total(question, known, block), seed));
        Json json = Json.object();
        Set<String> inBlocks = new HashSet<>();
        call.outputs().forEach(block -> block.columns().forEach(column -> inBlocks.add(column.name())));
        pages.ifPresent(of -> of.context().forEach((name, value) -> {
            if (!inBlocks.contains(name)) {
                json.field(name, value);
            }
        }));
        for (Block block : call.outputs()) {
            Draw mine = draw.with(block.name());
            if (!Shapes.isList(call, block)) {
                json.startObject(block.name());
                row(json, question, block, known, 0, market.day(), mine, pages);
                json.end();
                continue;
            }
            boolean isPaged = paged.filter(block::equals).isPresent();
            int from = isPaged ? pages.map(Pages::from).orElse(0) : 0;
            int to = isPaged ? pages.map(Pages::to).orElse(0) : rows(question, known, block);
            boolean intraday = Shapes.isIntraday(block);
            boolean dated = cells(call, block).has(Meaning.ROW_DATE);
            List<LocalDate> days = days(question, intraday ? to / SESSION_MINUTES + 1 : to, false);
            json.startArray(block.name());
            for (int i = from; i < to; i++) {
                LocalDate day = intraday || dated ? days.get(intraday ? i / SESSION_MINUTES : i) : market.day();
                json.startRow();
                row(json, question, block, known, i, day, mine.with(i), pages);
                json.end();
            }
            json.endArray();
        }
        message(json, question, pages, known, paged);
        return new Reply(200, pages.map(Pages::trCont).orElse(""), json.text());
    }

    private Cell.Row cells(RestCall call, Block block) {
        return cells.computeIfAbsent(block, of -> Cell.Row.of(of.columns(), call.category()));
    }

    private int pageRows(Question question) {
        return question.rows().orElse(Shapes.pageRows(question.call(), face));
    }

    /** Rows on all pages together: what is known, else two and a half pages, as far as the days asked for reach. */
    private int total(Question question, Known known, Block block) {
        return known.rows(block.name()).orElseGet(() -> {
            int page = pageRows(question);
            int total = 2 * page + page / 2;
            return Shapes.isSeries(block) && !question.call().ledger() ? bounded(question, block, total) : total;
        });
    }

    private int rows(Question question, Known known, Block block) {
        return known.rows(block.name()).orElseGet(() -> {
            int usual = question.call().paging().isPresent() && question.call().ledger()
                    ? 1
                    : question.rows().orElse(Shapes.rows(question.call(), block));
            return Shapes.isSeries(block) ? bounded(question, block, usual) : usual;
        });
    }

    private int bounded(Question question, Block block, int rows) {
        Optional<LocalDate> start = question.start();
        if (start.isEmpty() || Shapes.isIntraday(block)) {
            return rows;
        }
        return (int) days(question, rows, true).stream()
                .filter(day -> !day.isBefore(start.get()))
                .count();
    }

    private void row(
            Json json,
            Question question,
            Block block,
            Known known,
            int index,
            LocalDate date,
            Draw draw,
            Optional<Pages> pages) {
        boolean list = Shapes.isList(question.call(), block);
        boolean intraday = list && Shapes.isIntraday(block);
        boolean series = list && Shapes.isSeries(block);
        LocalTime time = list ? time(question).minusMinutes(index % SESSION_MINUTES) : time(question);
        Optional<String> asked = !list || series || question.call().ledger() ? question.code() : Optional.empty();
        Cell.Row cells = cells(question.call(), block);
        RowValues.About about = new RowValues.About(
                question.call().category(),
                cells.main(),
                question.param("EXCD").isEmpty() ? "NAS" : question.param("EXCD"),
                known.code(block.name(), index).or(() -> asked),
                date,
                time,
                index,
                intraday ? index : 0);
        RowValues values =
                new RowValues(quotes, market.on(question.param("FID_COND_MRKT_DIV_CODE")), face, about, draw);
        Map<String, String> told = known.values(block.name(), index);
        for (Cell column : cells.cells()) {
            String name = column.name();
            Optional<String> context = pages.map(Pages::context)
                    .filter(all -> all.containsKey(name))
                    .map(all -> all.getOrDefault(name, ""));
            if (context.isPresent()) {
                json.field(name, context.get());
            } else if (told.containsKey(name)) {
                json.field(name, told.getOrDefault(name, ""));
            } else {
                json.field(name, echoed(question, column, list).orElseGet(() -> values.of(column)));
            }
        }
    }

    /** A column that is called like a parameter says what was asked, where something was said. */
    private static Optional<String> echoed(Question question, Cell column, boolean list) {
        String asked = question.param(column.key().toUpperCase(Locale.ROOT));
        boolean ofOneRow = list && column.meaning() == Meaning.ROW_DATE;
        return asked.isEmpty() || ofOneRow || NOT_SAID.matcher(asked).matches() ? Optional.empty() : Optional.of(asked);
    }

    /**
     * The days of a list's rows, the newest first.
     *
     * @param bounds whether days before the first one asked for shall show as such
     */
    private List<LocalDate> days(Question question, int count, boolean bounds) {
        List<LocalDate> days = new ArrayList<>();
        LocalDate day = question.end(market.day());
        if (day.isBefore(market.day()) ? !market.wasTradingDay(day) : !market.isTradingDay(day)) {
            day = market.before(day);
        }
        LocalDate first = question.start().orElse(LocalDate.MIN);
        for (int i = 0; i < count; i++) {
            days.add(day);
            day = before(question, day);
            // Lists of things that happened have several on a day; where each row is a day they end here.
            day = day.isBefore(first) && !bounds ? first : day;
        }
        return days;
    }

    /** The day of the row behind one: the trading day before, or that of the week, month or year before. */
    private LocalDate before(Question question, LocalDate day) {
        LocalDate step = switch (question.param("FID_PERIOD_DIV_CODE")) {
            case "W" -> day.minusDays(6);
            case "M" -> day.minusMonths(1).plusDays(1);
            case "Y" -> day.minusYears(1).plusDays(1);
            default -> day;
        };
        return market.before(step);
    }

    private static LocalTime time(Question question) {
        String asked = question.param("FID_INPUT_HOUR_1");
        return HOUR.matcher(asked).matches() && !asked.equals("000000")
                ? LocalTime.of(
                        Integer.parseInt(asked.substring(0, 2)),
                        Integer.parseInt(asked.substring(2, 4)),
                        Integer.parseInt(asked.substring(4)))
                : CLOSE;
    }

    private void message(Json json, Question question, Optional<Pages> pages, Known known, Optional<Block> paged) {
        RestCall call = question.call();
        json.field("rt_cd", "0");
        if (call.order()) {
            String[] words = accepted(question);
            json.field("msg_cd", words[0]).field("msg1", Reply.padded(words[1]));
        } else if (!call.ledger()) {
            json.field("msg_cd", "MCA00000").field("msg1", "정상처리 되었습니다.");
        } else if (face == Face.PAPER
                && paged.flatMap(block -> known.rows(block.name()))
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

    private String[] accepted(Question question) {
        if (face == Face.LIVE) {
            return new String[] {"APBK0013", "주문 전송 완료 되었습니다."};
        }
        if (question.call().path().endsWith("rvsecncl")) {
            return question.param("RVSE_CNCL_DVSN_CD").equals("02")
                    ? new String[] {"40640000", "모의투자 취소주문이 완료 되었습니다."}
                    : new String[] {"40630000", "모의투자 정정주문이 완료 되었습니다"};
        }
        boolean sell = question.param("SLL_BUY_DVSN_CD").equals("01")
                || question.call().trIds().stream()
                        .filter(id -> id.paper().filter(question.trId()::equals).isPresent())
                        .anyMatch(id -> id.when().toLowerCase(Locale.ROOT).contains("sell"));
        return sell
                ? new String[] {"40590000", "모의투자 매도주문이 완료 되었습니다."}
                : new String[] {"40600000", "모의투자 매수주문이 완료 되었습니다."};
    }
}

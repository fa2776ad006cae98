package kr.kisgateway.gateway.face;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import kr.kisgateway.gateway.face.RecentTape.Minute;
import kr.kisgateway.gateway.face.RecentTape.Snapshot;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Answers to {@code inquire-time-itemchartprice} about the newest minutes of one stock: the minutes of which every trade was
 * pushed, and behind them those of KIS's answer.
 *
 * <p>An answer is used only when what was pushed stands in it: the price and the day's sums are those of a pushed trade, its
 * minutes those of the pushed trades, and the turnover of the minute before them is what they continue.
 *
 * @param answer KIS's
 * @param names columns of a row in KIS's order
 * @param series of the minutes that continue {@code older}
 * @param older rows of KIS, newest first
 * @param latest the minute that the request named, and the page begins with, where it is still to come: such minutes repeat the
 *     last price
 * @param complete whether there are no older ones
 */
record HeldMinutes(
        ObjectNode answer,
        List<String> names,
        long series,
        List<JsonNode> older,
        Optional<Integer> latest,
        boolean complete) {
    private static final int ROWS_MAX = 30;
    private static final String SUMMARY = "output1";
    private static final String ROWS = "output2";
    private static final String DATE = "stck_bsop_date";
    private static final String OPEN = "stck_oprc";
    private static final String HIGH = "stck_hgpr";
    private static final String LOW = "stck_lwpr";
    /** Columns of the summary that follow the trades; the others are of the day. */
    private static final List<String> PUSHED = List.of(
            PushedTrade.PRICE, "prdy_vrss", "prdy_vrss_sign", "prdy_ctrt", PushedTrade.VOLUME, PushedTrade.TURNOVER);

    private static final Set<String> OF_THE_DAY = Set.of("stck_prdy_clpr", "hts_kor_isnm");
    private static final Set<String> NAMES =
            Set.of(DATE, PushedTrade.TIME, PushedTrade.PRICE, OPEN, HIGH, LOW, PushedTrade.QTY, PushedTrade.TURNOVER);

    /** The pushed trade after which KIS gave the answer; empty when it is not among the last ones. */
    static Optional<PushedTrade> trade(ObjectNode answer, Snapshot tape) {
        var summary = answer.path(SUMMARY);
        return summary.propertyStream()
                        .map(each -> each.getKey())
                        .allMatch(name -> PUSHED.contains(name) || OF_THE_DAY.contains(name))
                ? tape.trades().stream()
                        .filter(trade -> PUSHED.stream().allMatch(name -> isText(summary, name, trade.column(name))))
                        .findFirst()
                : Optional.empty();
    }

    /** Writes what follows the trades into an answer, and returns it. */
    static ObjectNode withTrade(ObjectNode answer, PushedTrade last) {
        if (answer.path(SUMMARY) instanceof ObjectNode summary) {
            PUSHED.forEach(name -> summary.put(name, last.column(name)));
        }
        return answer;
    }

    /** Whether all rows are of a day and not later than a minute of it. */
    static boolean isUpTo(ObjectNode answer, String date, int minute) {
        var rows = answer.path(ROWS).valueStream().toList();
        return !rows.isEmpty() && rows.stream().allMatch(row -> isRow(row) && isOn(row, date) && minute(row) <= minute);
    }

    /** KIS's answer, which later ones can be made of; empty when what was pushed does not stand in it. */
    static Optional<HeldMinutes> of(ObjectNode answer, int requested, Snapshot tape) {
        var rows = answer.path(ROWS).valueStream().toList();
        var trade = trade(answer, tape);
        if (trade.isEmpty()
                || tape.minutes().isEmpty()
                || rows.isEmpty()
                || rows.size() > ROWS_MAX
                || !rows.stream().allMatch(HeldMinutes::isRow)) {
            return Optional.empty();
        }
        int now = trade.get().minute();
        int coming = (int) rows.stream()
                .takeWhile(row -> isOn(row, trade.get().date()) && minute(row) > now)
                .count();
        int first = tape.minutes().getLast().minute();
        int pushed = (int) rows.stream()
                .skip(coming)
                .takeWhile(row -> isOn(row, trade.get().date()) && minute(row) >= first)
                .count();
        var older = rows.subList(coming + pushed, rows.size());
        boolean fits = (requested > now ? coming > 0 : coming == 0)
                && pushed == now - first + 1
                && (older.isEmpty()
                        ? rows.size() == ROWS_MAX
                        : isText(older.getFirst(), PushedTrade.TURNOVER, tape.turnoverBefore()))
                && IntStream.range(0, coming).allMatch(i -> isComing(rows.get(i), now + coming - i, trade.get()))
                && IntStream.range(0, pushed).allMatch(i -> isPushed(rows.get(coming + i), now - i, trade.get(), tape));
        return fits
                ? Optional.of(new HeldMinutes(
                        answer,
                        List.copyOf(rows.getFirst().propertyNames()),
                        tape.series(),
                        older,
                        coming > 0 ? Optional.of(now + coming) : Optional.empty(),
                        rows.size() < ROWS_MAX))
                : Optional.empty();
    }

    private static boolean isRow(JsonNode row) {
        return Set.copyOf(row.propertyNames()).equals(NAMES) && PushedTrade.isTime(text(row, PushedTrade.TIME));
    }

    private static boolean isOn(JsonNode row, String date) {
        return isText(row, DATE, date);
    }

    private static int minute(JsonNode row) {
        return PushedTrade.minute(text(row, PushedTrade.TIME));
    }

    private static boolean isComing(JsonNode row, int minute, PushedTrade trade) {
        return NAMES.stream().allMatch(name -> isText(row, name, coming(name, minute, trade)));
    }

    /** Whether the row is that of a pushed minute; the last one may have grown since. */
    private static boolean isPushed(JsonNode row, int minute, PushedTrade trade, Snapshot tape) {
        return tape.minutes().stream()
                .filter(each -> each.minute() == minute)
                .anyMatch(each -> each.last().volume() > trade.volume()
                        ? minute(row) == minute && isText(row, PushedTrade.TURNOVER, trade.column(PushedTrade.TURNOVER))
                        : NAMES.stream().allMatch(name -> isText(row, name, pushed(name, each))));
    }

    private static String text(JsonNode row, String name) {
        return row.path(name).asString("");
    }

    private static boolean isText(JsonNode row, String name, String expected) {
        return text(row, name).equals(expected);
    }

    /**
     * The answer after the pushed trades, whose last one is of the current minute; empty when rows are missing.
     *
     * @param last the last pushed trade
     */
    Optional<ObjectNode> after(Snapshot tape, PushedTrade last) {
        int coming =
                Math.min(ROWS_MAX, latest.map(minute -> minute - last.minute()).orElse(0));
        int room = ROWS_MAX - coming;
        if (tape.series() != series || tape.minutes().size() + older.size() < room && !complete) {
            return Optional.empty();
        }
        var newest = withTrade(answer.deepCopy(), last);
        var list = newest.putArray(ROWS);
        for (int i = 0; i < coming; i++) {
            int minute = latest.orElse(0) - i;
            add(list, name -> coming(name, minute, last));
        }
        tape.minutes().stream().limit(room).forEach(minute -> add(list, name -> pushed(name, minute)));
        older.stream().limit(Math.max(0, room - tape.minutes().size())).forEach(list::add);
        return Optional.of(newest);
    }

    private void add(ArrayNode list, UnaryOperator<String> value) {
        var row = list.addObject();
        names.forEach(name -> row.put(name, value.apply(name)));
    }

    private static String coming(String name, int minute, PushedTrade trade) {
        return switch (name) {
            case DATE -> trade.date();
            case PushedTrade.TIME -> time(minute);
            case PushedTrade.QTY -> "0";
            case PushedTrade.TURNOVER -> trade.column(PushedTrade.TURNOVER);
            default -> trade.column(PushedTrade.PRICE);
        };
    }

    private static String pushed(String name, Minute minute) {
        return switch (name) {
            case DATE -> minute.last().date();
            case PushedTrade.TIME -> time(minute.minute());
            case OPEN -> Long.toString(minute.open());
            case HIGH -> Long.toString(minute.high());
            case LOW -> Long.toString(minute.low());
            case PushedTrade.QTY -> Long.toString(minute.qty());
            default -> minute.last().column(name);
        };
    }

    private static String time(int minute) {
        return String.format(Locale.ROOT, "%02d%02d00", minute / 60, minute % 60);
    }
}

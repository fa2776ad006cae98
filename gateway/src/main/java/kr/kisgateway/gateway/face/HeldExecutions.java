package kr.kisgateway.gateway.face;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import kr.kisgateway.gateway.face.RecentTape.Snapshot;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Answers to {@code inquire-ccnl} of one stock: its last trades as pushed, and behind them those of KIS's answer.
 *
 * <p>KIS does not document that both have the same texts. An answer is used only when the pushed trades stand in it, column by
 * column, at one place and no other, and enough of them that none can be taken for another.
 *
 * @param answer KIS's
 * @param names columns of a row in KIS's order
 * @param oldest the pushed trade before which {@code older} were made
 * @param older rows of KIS, newest first
 * @param complete whether there are no older ones
 */
record HeldExecutions(
        ObjectNode answer, List<String> names, PushedTrade oldest, List<JsonNode> older, boolean complete) {
    private static final String ROWS = "output";
    private static final int ROWS_MAX = 30;
    /** Trades of the same second, price and size may have the same texts. */
    private static final int COMPARED_MIN = 5;

    private static final Set<String> NAMES = Set.of(
            PushedTrade.TIME,
            PushedTrade.PRICE,
            "prdy_vrss",
            "prdy_vrss_sign",
            PushedTrade.QTY,
            "tday_rltv",
            "prdy_ctrt");

    /** KIS's answer, which later ones can be made of; empty when the pushed trades do not stand in it. */
    static Optional<HeldExecutions> of(ObjectNode answer, Snapshot tape) {
        var rows = answer.path(ROWS).valueStream().toList();
        if (rows.isEmpty()
                || rows.size() > ROWS_MAX
                || !rows.stream()
                        .allMatch(row -> Set.copyOf(row.propertyNames()).equals(NAMES))) {
            return Optional.empty();
        }
        var names = List.copyOf(rows.getFirst().propertyNames());
        var trades = tape.trades();
        // KIS may know trades that were not pushed yet, and the other way round.
        var places = Stream.iterate(1 - rows.size(), place -> place < trades.size(), place -> place + 1)
                .filter(place -> matches(rows, trades, place))
                .toList();
        if (places.size() != 1 || places.getFirst() < 0) {
            return Optional.empty();
        }
        int known = Math.min(rows.size(), trades.size() - places.getFirst());
        if (known < COMPARED_MIN || rows.subList(0, known).stream().distinct().count() == 1) {
            return Optional.empty();
        }
        return Optional.of(new HeldExecutions(
                answer, names, trades.getLast(), rows.subList(known, rows.size()), rows.size() < ROWS_MAX));
    }

    /** Whether the rows are those of the trades from {@code place} on. */
    private static boolean matches(List<JsonNode> rows, List<PushedTrade> trades, int place) {
        for (int row = Math.max(0, -place); row < rows.size() && row + place < trades.size(); row++) {
            if (!matches(rows.get(row), trades.get(row + place))) {
                return false;
            }
        }
        return true;
    }

    private static boolean matches(JsonNode row, PushedTrade trade) {
        return NAMES.stream().allMatch(name -> row.path(name).asString("").equals(trade.column(name)));
    }

    /** The answer after the pushed trades; empty when some are missing. */
    Optional<ObjectNode> after(Snapshot tape) {
        var trades = tape.trades();
        boolean continued = !trades.isEmpty() && trades.getLast().equals(oldest);
        int rows = trades.size() + (continued ? older.size() : 0);
        if (rows < ROWS_MAX && !(continued && complete)) {
            return Optional.empty();
        }
        var newest = answer.deepCopy();
        var list = newest.putArray(ROWS);
        trades.stream().limit(ROWS_MAX).forEach(trade -> {
            var row = list.addObject();
            names.forEach(name -> row.put(name, trade.column(name)));
        });
        if (continued) {
            older.stream().limit(Math.max(0, ROWS_MAX - trades.size())).forEach(list::add);
        }
        return Optional.of(newest);
    }
}

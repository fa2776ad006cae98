package kr.kisgateway.simulator.broker;

import java.time.Instant;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import kr.kisgateway.market.Side;
import kr.kisgateway.simulator.account.Account;
import kr.kisgateway.simulator.catalog.Face;
import kr.kisgateway.simulator.exchange.Exchange;

/** The list of an account's orders, filtered and paged as inquire-daily-ccld does it. */
final class DailyOrders {
    private static final DateTimeFormatter DAY = DateTimeFormatter.BASIC_ISO_DATE;

    private final Exchange exchange;
    private final Faults faults;
    private final Face face;

    DailyOrders(Exchange exchange, Faults faults, Face face) {
        this.exchange = exchange;
        this.faults = faults;
        this.face = face;
    }

    /** The filters of inquire-daily-ccld; an empty text and the number 0 do not filter. */
    record Query(
            LocalDate from,
            LocalDate to,
            String side,
            String symbol,
            long odno,
            String filled,
            boolean oldestFirst,
            String exchange) {
        static Optional<LocalDate> day(String text) {
            try {
                // Clients in use send "00000101" for no lower bound.
                return Optional.of(text.startsWith("0000") ? LocalDate.EPOCH : LocalDate.parse(text, DAY));
            } catch (DateTimeParseException e) {
                return Optional.empty();
            }
        }
    }

    /** @param nextKey of the page before: date, number, and the newest number of the first page */
    HttpAnswer answer(Account<UserOrder> account, Query query, boolean first, String nextKey, Instant now) {
        boolean hidesOrders = faults.longestTime("hide_orders_seconds") > 0;
        Optional<RowKey> last = first ? Optional.empty() : RowKey.read(nextKey, 0);
        Optional<RowKey> newestAtFirst = first ? Optional.empty() : RowKey.read(nextKey, 2);
        boolean validPageKeys = first || newestAtFirst.isPresent() && last.isPresent();
        var totals = new Totals();
        List<UserOrder> page = new ArrayList<>();
        boolean more = false;
        // A list of many thousand orders is requested page by page, while orders arrive: each page walks over them
        // once.
        for (UserOrder o :
                query.oldestFirst() ? account.orders() : account.orders().reversed()) {
            if (!matches(o, query) || hidesOrders && isHidden(o, now)) {
                continue;
            }
            totals.add(o);
            if (!validPageKeys || more) {
                continue;
            }
            int comparison = first ? 0 : RowKey.of(o).compareTo(last.orElseThrow());
            boolean after = first || (query.oldestFirst() ? comparison > 0 : comparison < 0);
            // Pages show the rows that existed at the first page; later ones wait for the next query.
            if (after && (first || RowKey.of(o).compareTo(newestAtFirst.orElseThrow()) <= 0)) {
                more = page.size() == dailyRows();
                if (!more) {
                    page.add(o);
                }
            }
        }
        Optional<RowKey> newest = first ? totals.newest() : newestAtFirst;
        Map<UserOrder, String> names = new HashMap<>();
        page.forEach(o -> names.put(
                o, exchange.find(o.symbol).map(s -> s.instrument().name()).orElse("")));
        String filter = account.id().cano()
                + '^'
                + account.id().product()
                + '^'
                + DAY.format(query.from())
                + '^'
                + DAY.format(query.to());
        return AnswerBodies.dailyOrders(
                face,
                faults.isOn("omit_order_rows") ? List.of() : page,
                !faults.isOn("omit_loan_dates"),
                totals,
                names,
                AnswerBodies.Page.of(
                        first,
                        more,
                        filter,
                        more ? newest.map(n -> RowKey.of(page.getLast()).text() + '^' + n.text()) : Optional.empty()));
    }

    /** What the orders of a query, of all its pages, amount to. */
    static final class Totals {
        private long ordered;
        private long filled;
        private long amount;
        private Optional<UserOrder> newest = Optional.empty();

        private void add(UserOrder o) {
            ordered += o.qty();
            filled += o.filledQty();
            amount += o.filledAmount();
            if (newest.isEmpty() || RowKey.of(o).compareTo(RowKey.of(newest.get())) > 0) {
                newest = Optional.of(o);
            }
        }

        boolean isEmpty() {
            return newest.isEmpty();
        }

        /** Shares ordered. */
        long ordered() {
            return ordered;
        }

        /** Shares filled. */
        long filled() {
            return filled;
        }

        /** What they were filled for. */
        long amount() {
            return amount;
        }

        private Optional<RowKey> newest() {
            return newest.map(RowKey::of);
        }
    }

    /** The key of a row, by which the next page finds it. */
    private record RowKey(LocalDate day, long odno) implements Comparable<RowKey> {
        static RowKey of(UserOrder o) {
            return new RowKey(o.day(), o.odno());
        }

        /** The key at {@code at} in a page's key, which has two; empty when it is malformed. */
        static Optional<RowKey> read(String pageKey, int at) {
            String[] parts = pageKey.split("\\^", -1);
            if (parts.length != 4 || !parts[at + 1].matches("[0-9]{10}")) {
                return Optional.empty();
            }
            return Query.day(parts[at]).map(day -> new RowKey(day, Long.parseLong(parts[at + 1])));
        }

        String text() {
            return DAY.format(day) + '^' + Frames.padded(odno, 10);
        }

        @Override
        public int compareTo(RowKey other) {
            int days = day.compareTo(other.day);
            return days != 0 ? days : Long.compare(odno, other.odno);
        }
    }

    /** Whether the list does not show the order yet: real lists show a new order with a delay; absence proves nothing (§7.3). */
    private boolean isHidden(UserOrder o, Instant now) {
        long seconds = faults.hiddenSeconds(KoreanLedger.target(o), o.odno());
        return o.acceptedAtMillis() > now.minusSeconds(seconds).toEpochMilli();
    }

    private static boolean matches(UserOrder o, Query q) {
        return !o.day().isBefore(q.from())
                && !o.day().isAfter(q.to())
                && (!q.side().equals("01") || o.side() == Side.SELL)
                && (!q.side().equals("02") || o.side() == Side.BUY)
                && (q.symbol().isEmpty() || o.symbol.code().equals(q.symbol()))
                && (q.odno() == 0 || o.odno() == q.odno())
                && (!q.filled().equals("01") || o.filledQty() > 0)
                && (!q.filled().equals("02") || o.remaining() > 0)
                && (q.exchange().isEmpty() || q.exchange().equals("ALL") || o.exchange.equals(q.exchange()));
    }

    private int dailyRows() {
        return face == Face.LIVE ? 100 : 15;
    }
}

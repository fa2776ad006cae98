package kr.kisgateway.gateway.order;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.random.RandomGenerator;
import kr.kisgateway.gateway.journal.Journal;
import kr.kisgateway.gateway.journal.JournalEntry;
import kr.kisgateway.gateway.journal.SqliteJournal;
import kr.kisgateway.market.TradingCalendar;

/**
 * Fills a journal with the number of events that a measurement needs, in the form that releases write: orders of earlier
 * days that ended, orders of today, and a few that are open.
 *
 * <p>The events are texts of version 1, which every release must be able to read, so this stays valid when the event
 * classes change.
 */
public final class JournalGenerator implements AutoCloseable {
    private static final int ORDERS_IN_A_COMMIT = 2_500;

    private final Journal journal;
    private final RandomGenerator random = new Random(7); // the same file each time
    private final List<JournalEntry> entries = new ArrayList<>();
    private final List<Row> rows = new ArrayList<>();
    private long seq;
    private int number;

    private record Row(String order, LocalDate day, String status, boolean terminal, boolean canceled) {}

    /** The course of an order's life, and its number of events. */
    public enum Life {
        /** Accepted, sent, taken, filled. */
        FILLED(4),
        /** Accepted, sent, taken. */
        OPEN(3),
        /** Accepted and canceled before it was sent: the most keys for so few events. */
        CANCELED(3),
        /** Accepted, sent, taken, canceled for 6 of its 10 shares; the other four are unreported. */
        SHORT(4),
        /** Accepted, sent, in doubt, and given up as not found. */
        GIVEN_UP(4),
        /** Accepted, sent, taken, and at rest when the session ended. */
        EXPIRED(4),
        /** Accepted, and never sent. */
        NOT_SENT(2);

        private final int events;

        Life(int events) {
            this.events = events;
        }
    }

    public JournalGenerator(Path file, Instant now) {
        this(SqliteJournal.open(file, "sim", new OrderStore(), InstantSource.fixed(now)));
    }

    /** Adds to an open journal, which it closes in the end. */
    public JournalGenerator(Journal journal) {
        this.journal = journal;
    }

    /** Adds {@code count} orders of {@code life} to {@code day} and returns their number of events. */
    public long add(LocalDate day, int count, Life life) {
        for (int i = 0; i < count; i++) {
            order(day, life);
            if (rows.size() == ORDERS_IN_A_COMMIT) {
                commit();
            }
        }
        commit();
        return (long) count * life.events;
    }

    private void order(LocalDate day, Life life) {
        Instant at = day.atStartOfDay(ZoneOffset.UTC)
                .toInstant()
                .plusMillis(++number % 20_000_000)
                .plusNanos(1_000L * (number % 1_000));
        String order = OrderId.create(at, random).text();
        int odno = 1_000_000 + number;
        event(order, at, day, "Accepted", """
                {"account":"A1","symbol":"005930","side":"BUY","qty":10,"type":"LIMIT","venue":"KRX","dispatch_by":"%s",\
                "trading_day":"%s","price":70000,"scope":"local/A1","key":"k%d","hash":"%s"}""".formatted(at.plusSeconds(5), day, number, "0123456789abcdef".repeat(4)));
        if (life == Life.CANCELED) {
            event(order, at, day, "CancelRequested", """
                    {"request":2,"scope":"local/A1","key":"cancel:%s","hash":"cancel:%s"}""".formatted(order, order));
            event(order, at, day, "Canceled", """
                    {"qty":10,"reason":"canceled before it was sent"}""");
        } else if (life == Life.NOT_SENT) {
            event(order, at, day, "Expired", """
                    {"reason":"NOT_SENT"}""");
        } else {
            event(order, at, day, "SendStarted", """
                    {"request":1,"attempt":1,"odnos_known":[]}""");
        }
        if (life == Life.GIVEN_UP) {
            event(order, at, day, "SendInDoubt", """
                    {"request":1,"code":"TIMEOUT","message":"no answer"}""");
            event(order, at, day, "Rejected", """
                    {"code":"NOT_FOUND_AT_BROKER","message":"not there"}""");
        } else if (life != Life.CANCELED && life != Life.NOT_SENT) {
            event(order, at, day, "BrokerAccepted", """
                    {"request":1,"org_no":"06010","odno":%d,"broker_time":"100000","matched_by":"ANSWER"}""".formatted(odno));
        }
        if (life == Life.SHORT) {
            event(order, at, day, "Canceled", """
                    {"qty":6,"reason":"canceled"}""");
        }
        if (life == Life.EXPIRED) {
            event(order, at, day, "Expired", """
                    {"reason":"SESSION_END"}""");
        }
        if (life == Life.FILLED) {
            event(order, at, day, "Filled", """
                    {"noticed":10,"noticed_value":700000,"exec_id":"%s.1","odno":%d,"qty":10,"value":700000,"time":100001,\
                    "source":"NOTICE"}""".formatted(order, odno));
        }
        String status = switch (life) {
            case FILLED -> "FILLED";
            case OPEN -> "SENT";
            case CANCELED, SHORT -> "CANCELED";
            case GIVEN_UP -> "REJECTED";
            case EXPIRED, NOT_SENT -> "EXPIRED";
        };
        rows.add(new Row(order, day, status, life != Life.OPEN, life == Life.CANCELED));
    }

    private void event(String order, Instant at, LocalDate day, String type, String payload) {
        entries.add(new JournalEntry("A1", ++seq, at, day, type, 1, journal.fence(), order, payload));
    }

    private void commit() {
        journal.commit(entries, this::tables);
        entries.clear();
        rows.clear();
    }

    private void tables(Connection connection) throws SQLException {
        try (PreparedStatement orders = connection.prepareStatement("INSERT INTO orders(order_id, account, trading_day,"
                        + " status, symbol, terminal) VALUES (?,'A1',?,?,'005930',?)");
                PreparedStatement keys = connection.prepareStatement(
                        "INSERT INTO idempotency(scope, key, hash, order_id, kind, trading_day)"
                                + " VALUES ('local/A1',?,?,?,?,?)")) {
            int key = number - rows.size();
            for (Row row : rows) {
                orders.setString(1, row.order());
                orders.setString(2, row.day().toString());
                orders.setString(3, row.status());
                orders.setInt(4, row.terminal() ? 1 : 0);
                orders.addBatch();
                key(keys, "k" + ++key, "0123456789abcdef".repeat(4), row, KeyUse.Kind.PLACE);
                if (row.canceled()) {
                    key(keys, "cancel:" + row.order(), "cancel:" + row.order(), row, KeyUse.Kind.CANCEL);
                }
            }
            orders.executeBatch();
            keys.executeBatch();
        }
    }

    private static void key(PreparedStatement insert, String key, String hash, Row row, KeyUse.Kind kind)
            throws SQLException {
        insert.setString(1, key);
        insert.setString(2, hash);
        insert.setString(3, row.order());
        insert.setString(4, kind.name());
        insert.setString(5, row.day().toString());
        insert.addBatch();
    }

    @Override
    public void close() {
        journal.close();
    }

    /** Orders of {@code life} on the twenty days before {@code today} until there are {@code events}. */
    public void history(LocalDate today, long events, Life life) {
        int days = 20;
        for (int i = days; i > 0; i--) {
            add(today.minusDays(i), (int) (events / days / life.events), life);
        }
    }

    /**
     * Creates a file and measures how long a start takes to open it and read it.
     *
     * @param args the file, the number of events, {@code FILLED} or {@code CANCELED}, orders of today
     */
    public static void main(String[] args) throws Exception {
        Path file = Path.of(args[0]);
        Life life = Life.valueOf(args[2]);
        Instant now = InstantSource.system().instant();
        LocalDate today = now.atZone(TradingCalendar.SEOUL).toLocalDate();
        try (var fill = new JournalGenerator(file, now)) {
            fill.history(today, Long.parseLong(args[1]), life);
            fill.add(today, Integer.parseInt(args[3]), life);
            fill.add(today.minusDays(5), 100, Life.OPEN);
        }
        for (int round = 0; round < 5; round++) {
            long startNanos = System.nanoTime();
            try (var journal = SqliteJournal.open(file, "sim", new OrderStore(), InstantSource.system())) {
                long opened = System.nanoTime();
                int streams = journal.lastSeq().size();
                long positions = System.nanoTime();
                int orders = journal.onWriter(connection -> new OrderStore().openAndToday(connection, today, today))
                        .size();
                long loaded = System.nanoTime();
                System.out.printf(
                        "%d orders, %d streams: open %d ms, positions %d ms, orders %d ms; %d MB%n",
                        orders,
                        streams,
                        (opened - startNanos) / 1_000_000,
                        (positions - opened) / 1_000_000,
                        (loaded - positions) / 1_000_000,
                        java.nio.file.Files.size(file) >> 20);
            }
        }
    }
}

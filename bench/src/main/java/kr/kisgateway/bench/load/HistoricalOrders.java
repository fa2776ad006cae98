package kr.kisgateway.bench.load;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * Writes history into the journal of a stopped gateway, by {@code docs/JOURNAL.md} alone: orders that were accepted,
 * sent, acknowledged and filled, on earlier days and today.
 */
public final class HistoricalOrders implements AutoCloseable {
    /** Events of one order. */
    public static final int EVENTS_AN_ORDER = 4;

    private static final int ORDERS_IN_A_COMMIT = 5_000;
    private static final String ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

    private final Connection connection;
    private final PreparedStatement journal;
    private final PreparedStatement orders;
    private final PreparedStatement keys;
    private final long fence;
    private long seq;
    private byte[] hash;
    private int number;

    private HistoricalOrders(Connection connection) throws SQLException {
        this.connection = connection;
        this.fence = number("SELECT CAST(value AS INTEGER) FROM header WHERE name = 'fence'");
        this.seq = number("SELECT coalesce(max(last_seq), 0) FROM streams WHERE stream = 'A1'");
        this.hash = hashOfLastEvent();
        try (var statement = connection.createStatement()) {
            statement.execute("PRAGMA synchronous=OFF"); // created before measuring, and recreated if lost
        }
        connection.setAutoCommit(false);
        journal = connection.prepareStatement("INSERT INTO journal(stream, seq, at_us, trading_day, type, v, fence,"
                + " subject, payload, crc, hash) VALUES ('A1',?,?,?,?,1,?,?,?,?,?)");
        orders = connection.prepareStatement(
                "INSERT INTO orders(order_id, account, trading_day, status, symbol, terminal)"
                        + " VALUES (?,'A1',?,'FILLED','005930',1)");
        keys = connection.prepareStatement("INSERT INTO idempotency(scope, key, hash, order_id, kind, trading_day)"
                + " VALUES ('local/A1',?,?,?,'PLACE',?)");
    }

    /** The journal in {@code file}, which a gateway has created and no process has open. */
    public static HistoricalOrders open(Path file) throws SQLException {
        return new HistoricalOrders(DriverManager.getConnection("jdbc:sqlite:" + file));
    }

    /**
     * Adds orders, evenly to the days before {@code today}, and {@code todays} to today.
     *
     * @param days before today
     * @param earlier number of orders of these days, so many that each day has one
     * @return ids of the first order of each earlier day, oldest first
     */
    public List<String> addOrders(LocalDate today, int days, long earlier, int todays) throws SQLException {
        var firsts = new ArrayList<String>();
        for (int day = days; day > 0; day--) {
            firsts.add(id(today.minusDays(day), number + 1));
            day(today.minusDays(day), (int) (earlier * (days - day + 1) / days - earlier * (days - day) / days));
        }
        day(today, todays);
        try (var streams = connection.prepareStatement("INSERT INTO streams(stream, last_seq) VALUES ('A1',?)"
                + " ON CONFLICT(stream) DO UPDATE SET last_seq = excluded.last_seq")) {
            streams.setLong(1, seq);
            streams.executeUpdate();
        }
        connection.commit();
        try (var statement = connection.createStatement()) {
            connection.setAutoCommit(true);
            statement.execute("PRAGMA wal_checkpoint(TRUNCATE)");
        }
        return firsts;
    }

    private void day(LocalDate day, int count) throws SQLException {
        for (int i = 0; i < count; i++) {
            order(day);
            if (number % ORDERS_IN_A_COMMIT == 0) connection.commit();
        }
        connection.commit();
    }

    private void order(LocalDate day) throws SQLException {
        String order = id(day, ++number);
        Instant at = at(day, number);
        int odno = 1_000_000 + number;
        event(order, at, day, "Accepted", """
                {"account":"A1","symbol":"005930","side":"BUY","qty":10,"type":"LIMIT","venue":"KRX","dispatch_by":"%s",\
                "trading_day":"%s","price":70000,"scope":"local/A1","key":"k%d","hash":"%s"}""".formatted(at.plusSeconds(5), day, number, "0123456789abcdef".repeat(4)));
        event(order, at, day, "SendStarted", """
                {"request":1,"attempt":1,"odnos_known":[]}""");
        event(order, at, day, "BrokerAccepted", """
                {"request":1,"org_no":"06010","odno":%d,"broker_time":"100000","matched_by":"ANSWER"}""".formatted(odno));
        event(order, at, day, "Filled", """
                {"noticed":10,"noticed_value":700000,"exec_id":"%s.1","odno":%d,"qty":10,"value":700000,"time":100001,\
                "source":"NOTICE"}""".formatted(order, odno));
        orders.setString(1, order);
        orders.setString(2, day.toString());
        orders.executeUpdate();
        keys.setString(1, "k" + number);
        keys.setString(2, "0123456789abcdef".repeat(4));
        keys.setString(3, order);
        keys.setString(4, day.toString());
        keys.executeUpdate();
    }

    private static Instant at(LocalDate day, int number) {
        return day.atStartOfDay(ZoneOffset.UTC).toInstant().plusMillis(number % 10_000_000);
    }

    /** In the gateway's format: the time and a unique part, in Crockford's letters. */
    private static String id(LocalDate day, int number) {
        var text = new char[26];
        long time = at(day, number).toEpochMilli();
        for (int i = 9; i >= 0; i--, time >>>= 5) text[i] = ALPHABET.charAt((int) (time & 31));
        long rest = number;
        for (int i = 25; i >= 10; i--, rest >>>= 5) text[i] = ALPHABET.charAt((int) (rest & 31));
        return "ord_" + new String(text);
    }

    private void event(String order, Instant at, LocalDate day, String type, String payload) throws SQLException {
        long micros = ChronoUnit.MICROS.between(Instant.EPOCH, at);
        seq++;
        var crc = new CRC32C();
        crc.update(("A1|" + seq + '|' + micros + '|' + day + '|' + type + "|1|" + fence + '|' + order + '|' + payload)
                .getBytes(StandardCharsets.UTF_8));
        journal.setLong(1, seq);
        journal.setLong(2, micros);
        journal.setString(3, day.toString());
        journal.setString(4, type);
        journal.setLong(5, fence);
        journal.setString(6, order);
        journal.setString(7, payload);
        journal.setLong(8, crc.getValue());
        hash = sha256(hash, hashed(micros, day, type, order, payload));
        journal.setBytes(9, hash);
        journal.executeUpdate();
    }

    private byte[] hashed(long micros, LocalDate day, String type, String order, String payload) {
        var bytes = new ByteArrayOutputStream();
        text(bytes, "A1");
        number(bytes, seq);
        number(bytes, micros);
        text(bytes, day.toString());
        text(bytes, type);
        number(bytes, 1);
        number(bytes, fence);
        text(bytes, order);
        text(bytes, payload);
        return bytes.toByteArray();
    }

    private static void text(ByteArrayOutputStream bytes, String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        bytes.writeBytes(ByteBuffer.allocate(4).putInt(utf8.length).array());
        bytes.writeBytes(utf8);
    }

    private static void number(ByteArrayOutputStream bytes, long number) {
        bytes.writeBytes(ByteBuffer.allocate(8).putLong(number).array());
    }

    private static byte[] sha256(byte[]... parts) {
        try {
            var digest = MessageDigest.getInstance("SHA-256");
            for (byte[] part : parts) digest.update(part);
            return digest.digest();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    private byte[] hashOfLastEvent() throws SQLException {
        try (var statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT (SELECT hash FROM journal WHERE stream = 'A1' AND seq = "
                        + seq + "), (SELECT value FROM header WHERE name = 'journal_id')")) {
            row.next();
            return seq > 0
                    ? row.getBytes(1)
                    : sha256(("journal " + row.getString(2) + " A1").getBytes(StandardCharsets.UTF_8));
        }
    }

    private long number(String sql) throws SQLException {
        try (var statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            return row.next() ? row.getLong(1) : 0;
        }
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}

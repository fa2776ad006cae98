package kr.kisgateway.bench.load;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.LocalDate;
import java.util.List;
import java.util.stream.Collectors;
import kr.kisgateway.gateway.history.Partitions;
import kr.kisgateway.market.Market;
import kr.kisgateway.market.PriceSeries;
import kr.kisgateway.market.TradingCalendar;

/**
 * Writes recorded trades of the Korean market into the folder of a stopped gateway's history, one merged file a day, as
 * {@code docs/MARKET-DATA.md} describes them, and reads them as its users do.
 */
public final class HistoricalTicks implements AutoCloseable {
    /** Of a regular session. */
    private static final int SESSION_SECONDS = 23_400;

    private final Connection duck;
    private final Path market;
    private final int tradesADay;

    private HistoricalTicks(Connection duck, Path market, int tradesADay) {
        this.duck = duck;
        this.market = market;
        this.tradesADay = tradesADay;
    }

    /**
     * @param history the folder of the history
     * @param tradesADay of each symbol
     */
    public static HistoricalTicks open(Path history, int tradesADay) throws SQLException {
        return new HistoricalTicks(
                DriverManager.getConnection("jdbc:duckdb:"),
                history.resolve("trade").resolve(Partitions.market(Market.KOREA, PriceSeries.MAIN)),
                tradesADay);
    }

    /** Adds the trades of each day: each symbol has its own random walk in ticks of 100 won, repeated on every day. */
    public void add(List<String> symbols, List<LocalDate> days) throws SQLException, IOException {
        try (var statement = duck.createStatement()) {
            createDay(statement, symbols);
            for (var day : days) {
                var folder = market.resolve("date=" + day);
                Files.createDirectories(folder);
                long opensAtMs = day.atTime(9, 0)
                        .atZone(TradingCalendar.SEOUL)
                        .toInstant()
                        .toEpochMilli();
                statement.execute("COPY (SELECT symbol, " + opensAtMs + " + into_ms AS ts_ms,"
                        + " (TIMESTAMP '1970-01-01 09:00:00' + to_milliseconds(" + opensAtMs + " + into_ms)) AS kst, "
                        + opensAtMs * 1_000 + " + n AS n, time, price, qty, side, volume, turnover, bid, ask FROM day"
                        + " ORDER BY symbol, ts_ms, n) TO '" + folder.resolve("part-0.parquet") + "'"
                        + Partitions.format(Market.KOREA));
            }
        }
    }

    private void createDay(Statement statement, List<String> symbols) throws SQLException {
        var names = symbols.stream().map(symbol -> "'" + symbol + "'").collect(Collectors.joining(","));
        statement.execute("SELECT setseed(0.5)");
        statement.execute("CREATE OR REPLACE TABLE steps AS SELECT symbol, i, CAST(i * " + SESSION_SECONDS + "000 // "
                + tradesADay + " + floor(random() * 1000) AS BIGINT) AS into_ms, i * " + symbols.size()
                + " + s AS n, CAST(floor(random() * 3) - 1 AS BIGINT) AS step, CAST(1 + floor(random() * random() * 500)"
                + " AS BIGINT) AS qty, random() < 0.5 AS buy FROM (SELECT unnest([" + names + "]) AS symbol,"
                + " generate_subscripts([" + names + "], 1) AS s), range(" + tradesADay + ") AS trades(i)");
        statement.execute(
                "CREATE OR REPLACE TABLE walk AS SELECT *, 100 * (600 + abs(sum(step) OVER w % 300)) AS price,"
                        + " sum(qty) OVER w AS volume FROM steps WINDOW w AS (PARTITION BY symbol ORDER BY i)");
        statement.execute(
                "CREATE OR REPLACE TABLE day AS SELECT symbol, into_ms, n, CAST(90000 + into_ms // 3600000 * 10000"
                        + " + into_ms // 60000 % 60 * 100 + into_ms // 1000 % 60 AS INTEGER) AS time, CAST(price AS BIGINT) AS price, qty,"
                        + " CASE WHEN buy THEN 'BUY' ELSE 'SELL' END AS side, CAST(volume AS BIGINT) AS volume,"
                        + " CAST(sum(price * qty) OVER (PARTITION BY symbol ORDER BY i) AS BIGINT) AS turnover,"
                        + " CAST(price - CASE WHEN buy THEN 100 ELSE 0 END AS BIGINT) AS bid,"
                        + " CAST(price + CASE WHEN buy THEN 0 ELSE 100 END AS BIGINT) AS ask FROM walk");
    }

    /** Reads the trades of a symbol on a day out of all files, as {@code docs/MARKET-DATA.md} shows; returns their number. */
    public int read(String symbol, LocalDate day) throws SQLException {
        try (var statement = duck.createStatement();
                var rows = statement.executeQuery(
                        "SELECT ts_ms, price, qty FROM read_parquet('" + market.getParent() + "/**/*.parquet',"
                                + " hive_partitioning = true) WHERE symbol = '" + symbol + "' AND date = DATE '" + day
                                + "' ORDER BY ts_ms, n")) {
            int count = 0;
            while (rows.next()) count++;
            return count;
        }
    }

    @Override
    public void close() throws SQLException {
        duck.close();
    }
}

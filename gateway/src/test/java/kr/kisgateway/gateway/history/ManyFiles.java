package kr.kisgateway.gateway.history;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;

/** Makes a query of the history slow: thousands of invented years, each a link to one file of two million rows. */
public final class ManyFiles {
    private ManyFiles() {}

    /** The rows have symbols before and after every other, so that no reader can skip a file. */
    public static void beside(Path market, int count) throws IOException, SQLException {
        Path file = market.resolve("big");
        try (var duckdb = DriverManager.getConnection("jdbc:duckdb:");
                var statement = duckdb.createStatement()) {
            statement.execute(
                    "COPY (SELECT CASE WHEN i % 2 = 0 THEN '000000' ELSE '999999' END AS symbol, DATE '2000-01-03' AS"
                            + " date, 1::BIGINT AS open, 1::BIGINT AS high, 1::BIGINT AS low, 1::BIGINT AS close, 1::BIGINT AS volume,"
                            + " 1::BIGINT AS turnover, i % 3 = 0 AS adjusted, 'kis' AS source FROM range(2000000) rows(i)) TO '"
                            + file
                            + "' (FORMAT parquet)");
        }
        for (int i = 0; i < count; i++) {
            Path year = Files.createDirectory(market.resolve("year=x" + i));
            Files.createLink(year.resolve("part-0.parquet"), file);
        }
        Files.delete(file);
    }

    public static void remove(Path market) throws IOException {
        try (var years = Files.list(market)) {
            for (Path year : years.filter(it -> it.getFileName().toString().startsWith("year=x"))
                    .toList()) {
                Partitions.deleteFolder(year);
            }
        }
    }
}

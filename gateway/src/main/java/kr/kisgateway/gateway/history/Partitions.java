package kr.kisgateway.gateway.history;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import kr.kisgateway.market.Market;
import kr.kisgateway.market.PriceSeries;

/** Folders of a table: one for each market, {@code market=KRX}, with one for each day, {@code date=2026-11-20}. */
public final class Partitions {
    private static final String MARKET = "market=";

    private Partitions() {}

    /**
     * Whether the file is there.
     *
     * @throws UncheckedIOException when that cannot be known: storage that fails must not be taken for an empty one
     */
    static boolean exists(Path file) {
        try {
            Files.readAttributes(file, BasicFileAttributes.class);
            return true;
        } catch (NoSuchFileException e) {
            return false;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Name of the folder of a market: {@code market=KRX}, {@code market=US}. */
    public static String market(Market market) {
        return MARKET + (market.equals(Market.KOREA) ? "KRX" : market.id().toUpperCase(Locale.ROOT));
    }

    /** As {@link #market(Market)}; prices beside the main ones have a folder of their own: {@code market=US_DAY_MARKET}. */
    public static String market(Market market, PriceSeries series) {
        return market(market) + (series == PriceSeries.MAIN ? "" : "_" + series);
    }

    /** The folders of all markets in that of a table. */
    public static List<Path> markets(Path table) throws IOException {
        if (!Files.isDirectory(table)) {
            return List.of();
        }
        try (var names = Files.list(table)) {
            return names.filter(name -> name.getFileName().toString().startsWith(MARKET))
                    .sorted()
                    .toList();
        }
    }

    /**
     * The format of a market's files for DuckDB. Their metadata names the currency and the unit of prices and turnovers, which
     * are whole numbers, and the zone of the days. Groups are small, so that a reader of one symbol skips the others.
     */
    public static String format(Market market) {
        var currency = market.currency();
        return " (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 20480, KV_METADATA {currency: '" + currency
                + "', price_unit: '"
                + BigDecimal.ONE.movePointLeft(currency.decimals()).toPlainString() + "', zone: '" + market.zone()
                + "'})";
    }

    /** Days in {@code folder}, oldest first. */
    public static List<LocalDate> days(Path folder, String column) throws IOException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        var days = new ArrayList<LocalDate>();
        try (var names = Files.list(folder)) {
            for (Path name : names.toList()) {
                day(name.getFileName().toString(), column).ifPresent(days::add);
            }
        }
        days.sort(Comparator.naturalOrder());
        return List.copyOf(days);
    }

    private static Optional<LocalDate> day(String name, String column) {
        if (!name.startsWith(column + "=")) {
            return Optional.empty();
        }
        try {
            return Optional.of(LocalDate.parse(name.substring(column.length() + 1)));
        } catch (DateTimeException e) {
            return Optional.empty(); // a folder of another program
        }
    }

    /** Deletes all days before {@code first}; returns their number. */
    public static int deleteBefore(Path folder, String column, LocalDate first) throws IOException {
        int deleted = 0;
        for (LocalDate day : days(folder, column)) {
            if (day.isBefore(first)) {
                deleteFolder(folder.resolve(column + "=" + day));
                deleted++;
            }
        }
        return deleted;
    }

    /** Deletes a folder with its files. */
    public static void deleteFolder(Path folder) throws IOException {
        try (var files = Files.list(folder)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(folder);
    }
}

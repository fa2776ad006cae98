package kr.kisgateway.gateway.history;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import kr.kisgateway.gateway.file.AtomicFile;
import kr.kisgateway.market.Bar;
import kr.kisgateway.market.MarketSymbol;

/**
 * Fetched bars that wait to be merged into the history: a text file for each unit of a job, complete or absent. The lines are
 * those of both tables, {@code symbol,day,ts,open,high,low,close,volume,turnover,adjusted,source}.
 */
final class StagedBars {
    private StagedBars() {}

    /** Writes {@code bars} of one symbol, replacing a file of this name. */
    static void write(Path file, MarketSymbol symbol, List<Bar> bars, boolean adjusted, String source) {
        var lines = new StringBuilder(bars.size() * 80);
        bars.forEach(bar -> appendLine(lines, symbol, bar, adjusted, source));
        write(file, lines);
    }

    static void appendLine(StringBuilder lines, MarketSymbol symbol, Bar bar, boolean adjusted, String source) {
        lines.append(symbol.code()).append(',').append(bar.date()).append(',').append(bar.ts());
        lines.append(',')
                .append(bar.open())
                .append(',')
                .append(bar.high())
                .append(',')
                .append(bar.low());
        lines.append(',').append(bar.close()).append(',').append(bar.volume()).append(',');
        bar.turnover().ifPresent(lines::append);
        lines.append(',').append(adjusted).append(',').append(source).append('\n');
    }

    static void write(Path file, CharSequence lines) {
        Path part = file.resolveSibling(file.getFileName() + ".part");
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            Files.writeString(part, lines, StandardCharsets.UTF_8);
            AtomicFile.replace(part, file);
        } catch (IOException e) {
            throw new UncheckedIOException(file + " cannot be written: " + e.getMessage(), e);
        }
    }

    /** Removes a folder of such files. */
    static void deleteFolder(Path folder) {
        if (!Files.isDirectory(folder)) {
            return;
        }
        try (var files = Files.list(folder)) {
            for (Path file : files.toList()) {
                Files.deleteIfExists(file);
            }
            Files.deleteIfExists(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

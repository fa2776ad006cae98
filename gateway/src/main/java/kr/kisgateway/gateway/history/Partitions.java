package kr.kisgateway.gateway.history;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Folders per day, {@code date=2026-11-20}. */
public final class Partitions {
    private Partitions() {}

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

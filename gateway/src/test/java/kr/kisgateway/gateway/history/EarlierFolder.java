package kr.kisgateway.gateway.history;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;

/**
 * A history's folder as a release wrote it that had Korean files only: two days and two minutes of 005930 to 2026-11-20, and two
 * parts with a trade each of that day.
 */
public final class EarlierFolder {
    private EarlierFolder() {}

    public static void copyTo(Path folder) {
        try {
            var source = Path.of(Objects.requireNonNull(EarlierFolder.class.getResource("earlier"))
                    .toURI());
            try (var files = Files.walk(source)) {
                for (var file : files.filter(Files::isRegularFile).toList()) {
                    var target = folder.resolve(source.relativize(file).toString());
                    Files.createDirectories(target.getParent());
                    Files.copy(file, target);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }
}

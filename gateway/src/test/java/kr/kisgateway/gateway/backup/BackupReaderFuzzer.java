package kr.kisgateway.gateway.backup;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Any file given as a backup is checked and restored, or refused, and writes nothing outside the folder that it is restored to. */
public final class BackupReaderFuzzer {
    private static final Backup.Progress NO_PROGRESS = (_, _, _) -> {};

    private BackupReaderFuzzer() {}

    /** Called by Jazzer. */
    public static void fuzzerTestOneInput(byte[] input) {
        try {
            Path folder = Files.createTempDirectory("backup");
            try {
                Path archive = Files.write(folder.resolve("archive"), input);
                Path target = Files.createDirectories(folder.resolve("a/b/c/d/target"));
                restore(archive, target);
                List<Path> outside = below(folder).stream()
                        .filter(path -> !path.startsWith(target) && !target.startsWith(path) && !path.equals(archive))
                        .toList();
                if (!outside.isEmpty()) {
                    throw new IllegalStateException("it has written " + outside);
                }
            } finally {
                for (Path path : below(folder)) {
                    Files.delete(path);
                }
                Files.delete(folder);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void restore(Path archive, Path target) {
        try (var reader = new BackupReader(archive)) {
            List<String> findings = reader.findings(NO_PROGRESS);
            reader.extract(target, _ -> true, NO_PROGRESS);
            long files = below(target).stream().filter(Files::isRegularFile).count();
            if (findings.isEmpty() && files != reader.manifest().files().size()) {
                throw new IllegalStateException(files + " files were restored of " + reader.manifest());
            }
        } catch (BackupException refused) {
            // as declared
        }
    }

    /** What is in a folder, the last name first. */
    private static List<Path> below(Path folder) {
        try (Stream<Path> all = Files.walk(folder)) {
            return all.filter(path -> !path.equals(folder))
                    .sorted(Comparator.reverseOrder())
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

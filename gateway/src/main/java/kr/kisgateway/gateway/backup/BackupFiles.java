package kr.kisgateway.gateway.backup;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import kr.kisgateway.gateway.secret.SecretFile;

/** Which files of a data folder a backup has, and in which order they are copied. */
final class BackupFiles {
    static final String JOURNAL = "journal.db";
    /** The stored secrets, which all environments share: beside the data folder of each. */
    static final String SECRETS = SecretFile.NAME;
    /** The simulated account, which a running simulator lets no other process read. */
    static final String SIMULATOR = "simulator.db";

    /** What belongs to a process, can be made again, or is a copy of something that is in the backup; secrets in this place are read by nothing. */
    private static final Set<String> OMITTED = Set.of(
            "gateway.lock",
            SECRETS,
            "log",
            "history-work",
            "journal.tail",
            "journal.position",
            "disk.reserve",
            "audit.spool");

    /** Past bars and ticks: large, and KIS has them; copied on request. */
    private static final String HISTORY = "history";

    /** Copied first: a newer signature than the rows in the copy would look like missing rows. */
    private static final List<String> FIRST = List.of("audit.head", "audit.db", "audit");

    private BackupFiles() {}

    /**
     * Names of the files below {@code folder}, in the order in which they are copied: the audit first, whose checkpoints must not
     * be ahead of the journal, and the journal last.
     */
    static List<String> of(Path folder, boolean withHistory) throws IOException {
        var names = new ArrayList<String>();
        try (var files = Files.walk(folder)) {
            for (Path file : (Iterable<Path>) files.filter(Files::isRegularFile)::iterator) {
                Path relative = folder.relativize(file);
                if (isIncluded(relative, withHistory)) {
                    names.add(relative.toString().replace(java.io.File.separatorChar, '/'));
                }
            }
        }
        names.sort(Comparator.comparingInt(BackupFiles::rank).thenComparing(Comparator.naturalOrder()));
        return names;
    }

    /** The stored secrets of the data folder {@code folder}; there may be none. */
    static Path secretsOf(Path folder) {
        return folder.resolveSibling(SECRETS);
    }

    private static boolean isIncluded(Path relative, boolean withHistory) {
        String first = relative.getName(0).toString();
        String name = relative.getFileName().toString();
        return !OMITTED.contains(first)
                && (withHistory || !first.equals(HISTORY))
                && !first.startsWith(".")
                && !name.endsWith("-wal")
                && !name.endsWith("-shm")
                && !name.endsWith(".part")
                && !name.endsWith(".bak")
                && !name.contains(".replaced.")
                && !name.contains(".damaged.");
    }

    private static int rank(String name) {
        int slash = name.indexOf('/');
        int first = FIRST.indexOf(slash < 0 ? name : name.substring(0, slash));
        return first >= 0 ? first : name.equals(JOURNAL) ? FIRST.size() + 1 : FIRST.size();
    }
}

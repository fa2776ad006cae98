package kr.kisgateway.acceptance;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import kr.kisgateway.gateway.journal.JournalAudit;
import kr.kisgateway.gateway.journal.JournalFile;
import kr.kisgateway.gateway.order.OrderStore;

/** The journal of a stopped gateway, as it was left, read from a copy. */
record KilledJournal(Path file) {
    /** Copies the journal and its log from {@code dataDir}. */
    static KilledJournal copy(Path dataDir, Path to) throws IOException {
        Files.createDirectories(to);
        for (var name : List.of("journal.db", "journal.db-wal", "journal.db-shm")) {
            Files.deleteIfExists(to.resolve(name));
        }
        for (var name : List.of("journal.db", "journal.db-wal")) {
            var from = dataDir.resolve(name);
            if (Files.exists(from)) Files.copy(from, to.resolve(name), StandardCopyOption.REPLACE_EXISTING);
        }
        return new KilledJournal(to.resolve("journal.db"));
    }

    /** The findings of {@code ./kis journal verify}. */
    List<String> findings() {
        try (var journal = JournalFile.open(file, "sim", new OrderStore())) {
            return JournalAudit.verify(journal, (step, done, total) -> {}).findings();
        }
    }

    /** The number of events of each type. */
    Map<String, Long> counts() throws SQLException {
        var counts = new TreeMap<String, Long>();
        try (var connection = DriverManager.getConnection("jdbc:sqlite:" + file);
                var statement = connection.createStatement();
                var row = statement.executeQuery("SELECT type, count(*) FROM journal GROUP BY type")) {
            while (row.next()) counts.put(row.getString(1), row.getLong(2));
        }
        return counts;
    }

    /** Requests in doubt whose number was found in the broker's list or in a notice. */
    long matchedByInference() throws SQLException {
        try (var connection = DriverManager.getConnection("jdbc:sqlite:" + file);
                var statement = connection.createStatement();
                var row = statement.executeQuery(
                        "SELECT count(*) FROM journal WHERE type = 'BrokerAccepted' AND payload LIKE '%INFERENCE%'")) {
            row.next();
            return row.getLong(1);
        }
    }
}

package kr.kisgateway.gateway.order;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.zip.CRC32C;
import kr.kisgateway.gateway.journal.Journal;
import kr.kisgateway.gateway.journal.JournalException;
import kr.kisgateway.gateway.journal.SqliteJournal;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A journal of the first release, with every event of that release, opened by this one. */
class JournalMigrationTest {
    /** The statements of the first release, letter by letter. */
    private static final List<String> SCHEMA_1 = List.of(
            "CREATE TABLE IF NOT EXISTS header(name TEXT PRIMARY KEY, value TEXT NOT NULL)",
            """
            CREATE TABLE IF NOT EXISTS journal(
              stream TEXT NOT NULL, seq INTEGER NOT NULL, at_us INTEGER NOT NULL, trading_day TEXT NOT NULL,
              type TEXT NOT NULL, v INTEGER NOT NULL, fence INTEGER NOT NULL, subject TEXT NOT NULL,
              payload TEXT NOT NULL, crc INTEGER NOT NULL,
              PRIMARY KEY(stream, seq)) WITHOUT ROWID""",
            "CREATE INDEX IF NOT EXISTS journal_subject ON journal(subject, seq)",
            """
            CREATE TABLE IF NOT EXISTS orders(
              order_id TEXT PRIMARY KEY, account TEXT NOT NULL, trading_day TEXT NOT NULL, status TEXT NOT NULL,
              symbol TEXT NOT NULL, strategy TEXT, terminal INTEGER NOT NULL) WITHOUT ROWID""",
            "CREATE INDEX IF NOT EXISTS orders_open ON orders(terminal) WHERE terminal = 0",
            "CREATE INDEX IF NOT EXISTS orders_day ON orders(trading_day)",
            """
            CREATE TABLE IF NOT EXISTS idempotency(
              scope TEXT NOT NULL, key TEXT NOT NULL, hash TEXT NOT NULL, order_id TEXT NOT NULL,
              cancel INTEGER NOT NULL, trading_day TEXT NOT NULL,
              PRIMARY KEY(scope, key)) WITHOUT ROWID""",
            "INSERT INTO header VALUES ('schema', '1'), ('journal_id', 'a-name'), ('environment', 'sim'), ('fence', '7')");

    private static final InstantSource CLOCK = InstantSource.fixed(Instant.parse("2026-11-21T01:02:03.004Z"));
    private static final String BACKUP = "journal.db.schema1.20261121T010203004Z.bak";
    private static final Instant START = Instant.parse("2026-11-20T01:00:00Z");
    private static final String DAY = "2026-11-20";
    private static final OrderId BOUGHT = new OrderId("ord_01M7V7FCY871Q2Y1EMXQCGDR4B");
    private static final OrderId SOLD = new OrderId("ord_01M7V7FCY871Q2Y1EMXQCGDR4C");

    @TempDir
    Path folder;

    private Path file;
    private int seq;

    @BeforeEach
    void createFirstReleaseFile() throws Exception {
        file = folder.resolve("journal.db");
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
                var statement = connection.createStatement()) {
            statement.execute("PRAGMA journal_mode=WAL");
            for (String sql : SCHEMA_1) {
                statement.execute(sql);
            }
            List<String> golden = golden();
            entry(connection, BOUGHT, golden.get(0));
            entry(connection, SOLD, golden.get(1).replace("\"k1\"", "\"k2\""));
            for (String line : golden.subList(2, golden.size())) {
                entry(connection, BOUGHT, line);
            }
            statement.execute("INSERT INTO orders VALUES"
                    + " ('" + BOUGHT + "', 'A1', '" + DAY + "', 'REJECTED', '005930', 'gap', 1),"
                    + " ('" + SOLD + "', 'A1', '" + DAY + "', 'NEW', '005930', NULL, 0)");
            statement.execute("INSERT INTO idempotency VALUES"
                    + " ('local/A1', 'k1', 'abc', '" + BOUGHT + "', 0, '" + DAY + "'),"
                    + " ('local/A1', 'k2', 'abc', '" + SOLD + "', 0, '" + DAY + "'),"
                    + " ('local/A1', 'c1', 'cancel', '" + BOUGHT + "', 1, '" + DAY + "')");
        }
    }

    private static List<String> golden() throws IOException {
        try (var in = JournalMigrationTest.class.getResourceAsStream("golden-journal-v1.txt")) {
            return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .toList();
        }
    }

    private void entry(Connection connection, OrderId order, String line) throws SQLException {
        String[] parts = line.split(" ", 2);
        seq++;
        long micros = START.toEpochMilli() * 1000 + seq;
        var crc = new CRC32C();
        crc.update(String.join("|", "A1", "" + seq, "" + micros, DAY, parts[0], "1", "7", order.text(), parts[1])
                .getBytes(StandardCharsets.UTF_8));
        try (var insert = connection.prepareStatement("INSERT INTO journal VALUES ('A1',?,?,?,?,1,7,?,?,?)")) {
            insert.setInt(1, seq);
            insert.setLong(2, micros);
            insert.setString(3, DAY);
            insert.setString(4, parts[0]);
            insert.setString(5, order.text());
            insert.setString(6, parts[1]);
            insert.setLong(7, crc.getValue());
            insert.executeUpdate();
        }
    }

    /** Both orders folded from the events alone, and their rows in the tables. */
    private Map<String, Object> content(Journal journal) {
        return journal.onWriter(connection -> {
            var store = new OrderStore();
            return Map.of(
                    "orders", store.openAndToday(connection, LocalDate.parse(DAY), LocalDate.parse(DAY)),
                    "sold", store.find(connection, SOLD).orElseThrow());
        });
    }

    private Journal open() {
        return SqliteJournal.open(file, "sim", new OrderStore(), CLOCK);
    }

    /** The tables of orders, changed before they are migrated. */
    private static Journal.Tables migrating(Journal.Work before) {
        return new Journal.Tables() {
            @Override
            public void create(Connection connection) throws SQLException {
                new OrderStore().create(connection);
            }

            @Override
            public void migrate(Connection connection, int from) throws SQLException {
                before.run(connection);
                new OrderStore().migrate(connection, from);
            }
        };
    }

    private List<Path> backups() throws IOException {
        try (var files = Files.list(folder)) {
            return files.filter(path -> path.toString().contains(".bak")).toList();
        }
    }

    private static String schema(Path database) throws SQLException {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + database);
                var statement = connection.createStatement();
                var row = statement.executeQuery("SELECT value FROM header WHERE name = 'schema'")) {
            return row.getString(1);
        }
    }

    @Test
    void a_journal_of_the_first_release_is_backed_up_and_retains_every_order_and_key() throws Exception {
        try (Journal journal = open()) {
            assertThat(journal.id()).isEqualTo("a-name");
            assertThat(journal.fence()).isEqualTo(8);
            assertThat(journal.lastSeq()).containsExactly(Map.entry("A1", (long) seq));
            List<Order> orders = new ArrayList<>(journal.onWriter(connection ->
                    new OrderStore().openAndToday(connection, LocalDate.parse(DAY), LocalDate.parse(DAY))));
            assertThat(orders).extracting(Order::id).containsExactly(BOUGHT, SOLD);
            assertThat(orders.getFirst().terms().strategyId()).contains("gap \"고\"");
            assertThat(orders.getFirst().seq()).isEqualTo(seq);
            assertThat(orders.getLast().status()).isEqualTo(OrderStatus.NEW);
            for (var key : Map.of("k1", KeyUse.Kind.PLACE, "k2", KeyUse.Kind.PLACE, "c1", KeyUse.Kind.CANCEL)
                    .entrySet()) {
                Optional<OrderInput.PriorUse> prior = journal.onWriter(
                        connection -> OrderStore.priorUse(connection, new KeyUse.Name("local/A1", key.getKey())));
                assertThat(prior.orElseThrow().kind()).isEqualTo(key.getValue());
            }
        }
        assertThat(backups()).containsExactly(folder.resolve(BACKUP));
        assertThat(schema(folder.resolve(BACKUP))).isEqualTo("1");
        assertThat(schema(file)).isEqualTo("3");
        open().close(); // the second start has nothing to migrate
        assertThat(backups()).hasSize(1);
    }

    @Test
    void the_backup_is_a_journal_of_the_first_release_with_the_same_orders() throws Exception {
        Map<String, Object> migrated;
        try (Journal journal = open()) {
            migrated = content(journal);
        }
        Files.copy(folder.resolve(BACKUP), folder.resolve("again.db"));
        try (Journal journal = SqliteJournal.open(folder.resolve("again.db"), "sim", new OrderStore(), CLOCK)) {
            assertThat(content(journal)).isEqualTo(migrated);
        }
    }

    @Test
    void a_crash_between_backup_and_migration_costs_only_another_start() throws Exception {
        assertThatThrownBy(() -> SqliteJournal.open(
                        file,
                        "sim",
                        migrating(connection -> {
                            throw new IllegalStateException("killed");
                        }),
                        CLOCK))
                .hasMessage("killed");
        assertThat(schema(file)).isEqualTo("1");
        Files.writeString(folder.resolve("journal.db.bak.part"), "half a backup of a start that died in it");
        try (Journal journal = SqliteJournal.open(
                file,
                "sim",
                new OrderStore(),
                InstantSource.fixed(CLOCK.instant().plusSeconds(1)))) {
            assertThat(journal.lastSeq()).containsExactly(Map.entry("A1", (long) seq));
        }
        assertThat(backups()).hasSize(2).noneMatch(path -> path.toString().endsWith(".part"));
    }

    @Test
    void a_disk_that_fills_up_during_the_migration_leaves_the_old_journal_intact() throws Exception {
        assertThatThrownBy(() -> SqliteJournal.open(
                        file,
                        "sim",
                        migrating(connection -> {
                            try (var statement = connection.createStatement()) {
                                statement.execute("PRAGMA max_page_count = 1"); // it is limited to its present size
                            }
                        }),
                        CLOCK))
                .isInstanceOf(JournalException.class)
                .hasMessageContaining("it is as it was")
                .hasMessageContaining("SQLITE_FULL");
        assertThat(schema(file)).isEqualTo("1");
        try (Journal journal = open()) {
            assertThat(content(journal)).isNotEmpty();
        }
    }

    @Test
    void without_a_backup_nothing_is_migrated() throws Exception {
        Files.createDirectories(folder.resolve("journal.db.bak.part/in-the-way"));
        assertThatThrownBy(this::open)
                .isInstanceOf(JournalException.class)
                .hasMessageContaining("cannot be backed up first, so nothing was changed");
        assertThat(schema(file)).isEqualTo("1");
    }

    @Test
    void the_file_of_another_environment_is_neither_backed_up_nor_migrated() throws Exception {
        assertThatThrownBy(() -> SqliteJournal.open(file, "live", new OrderStore(), CLOCK))
                .hasMessageContaining("belongs to environment 'sim'");
        assertThat(schema(file)).isEqualTo("1");
        assertThat(backups()).isEmpty();
    }
}

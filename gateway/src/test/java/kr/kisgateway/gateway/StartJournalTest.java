package kr.kisgateway.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.Reader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import kr.kisgateway.gateway.kis.KisDefaults;
import kr.kisgateway.gateway.settings.SettingsLoader;
import kr.kisgateway.gateway.settings.SettingsResult;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A whole gateway on a data folder whose files were lost, emptied, replaced or damaged since its last start. */
@Tag("slow")
class StartJournalTest {
    @TempDir
    Path root;

    private final HttpClient client = HttpClient.newHttpClient();
    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();

    private Gateway start() {
        return start(0);
    }

    private Gateway start(int simulatorPort) {
        var loaded = SettingsLoader.load(
                List.of(
                        "--port=0",
                        "--simulator-port=" + simulatorPort,
                        "--simulator-clock=open-fixed",
                        "--simulator-seed=7"),
                Map.of(),
                root,
                root.resolve("home"),
                KisDefaults.on(LocalDate.of(2026, 11, 20)));
        return Gateway.start(((SettingsResult.Loaded) loaded).settings());
    }

    private int journal(String... args) {
        printed.reset();
        var print = new PrintStream(printed, true, StandardCharsets.UTF_8);
        return new Main(new CommandEnvironment(
                        print,
                        print,
                        new BufferedReader(Reader.nullReader()),
                        InstantSource.system(),
                        Map.of(),
                        root,
                        root))
                .run(Stream.concat(Stream.of("journal"), Stream.of(args)).toList());
    }

    private Path file(String name) {
        return root.resolve("data/sim").resolve(name);
    }

    /** A gateway that ran: its kill switch is on, and a file beside the journal proves that it ran here. */
    private void runGateway(boolean killed) throws Exception {
        try (var gateway = start()) {
            if (killed) {
                kill(gateway);
            }
        }
    }

    private void kill(Gateway gateway) throws Exception {
        var request = HttpRequest.newBuilder(gateway.baseUri().resolve("/v1/risk/kill-switch"))
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString("{\"on\":true,\"reason\":\"a test\"}"));
        assertThat(client.send(request.build(), BodyHandlers.ofString()).statusCode())
                .isEqualTo(200);
    }

    private String get(Gateway gateway, String path) throws Exception {
        return client.send(
                        HttpRequest.newBuilder(gateway.baseUri().resolve(path)).build(), BodyHandlers.ofString())
                .body();
    }

    private void emptyOrDelete(boolean delete) throws IOException {
        if (delete) {
            Files.delete(file("journal.db"));
        } else {
            Files.write(file("journal.db"), new byte[0]);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void a_missing_or_empty_journal_beside_other_files_stops_the_start_until_init_allows_a_new_one(boolean delete)
            throws Exception {
        runGateway(true);
        emptyOrDelete(delete);
        assertThatThrownBy(this::start)
                .isInstanceOf(StartException.class)
                .hasMessageContaining("simulator.db")
                .hasMessageContaining("jobs.db")
                .hasMessageContaining("kill switch")
                .hasMessageContaining("./kis journal init --data-dir=" + root.resolve("data") + " --env=sim");
        // A refused start changes no file: the second one refuses as the first.
        assertThatThrownBy(this::start).isInstanceOf(StartException.class);
        assertThat(journal("init")).as(printed.toString(StandardCharsets.UTF_8)).isZero();
        assertThat(printed.toString(StandardCharsets.UTF_8)).contains("An empty journal was created", "킬 스위치");
        try (var gateway = start()) {
            assertThat(gateway.killSwitch()).isEmpty();
        }
    }

    @Test
    void a_missing_journal_from_before_the_position_record_also_stops_the_start() throws Exception {
        runGateway(false);
        Files.delete(file("journal.db"));
        Files.delete(file("journal.position"));
        assertThatThrownBy(this::start).isInstanceOf(StartException.class).hasMessageContaining("simulator.db");
    }

    @Test
    void a_journal_older_than_the_files_beside_it_stops_the_start_until_init_accepts_it() throws Exception {
        runGateway(false);
        var old = Files.readAllBytes(file("journal.db"));
        runGateway(true);
        Files.write(file("journal.db"), old);
        assertThatThrownBy(this::start)
                .isInstanceOf(StartException.class)
                .hasMessageContaining("older than the files beside it")
                .hasMessageContaining("events of gateway")
                .hasMessageContaining("1 starts")
                .hasMessageContaining("./kis journal init");
        assertThat(journal("init")).isZero();
        assertThat(printed.toString(StandardCharsets.UTF_8)).contains("continues with this journal as it is");
        try (var gateway = start()) {
            assertThat(gateway.killSwitch()).isEmpty();
        }
        assertThat(journal("verify"))
                .as(printed.toString(StandardCharsets.UTF_8))
                .isZero();
        assertThat(printed.toString(StandardCharsets.UTF_8))
                .contains("note: an older journal was accepted at")
                .contains("checkpoints of the audit compared, all is well");
    }

    @ParameterizedTest
    @ValueSource(strings = {"missing", "", "kis-gateway journal position 1", "\u00ff\u0000 something else"})
    void an_older_journal_with_a_missing_or_damaged_position_record_stops_the_start_until_init_accepts_it(String record)
            throws Exception {
        runGateway(false);
        var old = Files.readAllBytes(file("journal.db"));
        runGateway(true);
        Files.write(file("journal.db"), old);
        if (record.equals("missing")) {
            Files.delete(file("journal.position"));
        } else {
            Files.write(file("journal.position"), record.getBytes(StandardCharsets.ISO_8859_1));
        }
        for (int i = 0; i < 2; i++) {
            assertThatThrownBy(this::start)
                    .isInstanceOf(StartException.class)
                    .hasMessageContaining("journal.position")
                    .hasMessageContaining("./kis journal init --data-dir=" + root.resolve("data") + " --env=sim");
        }
        assertThat(journal("init")).isZero();
        assertThat(printed.toString(StandardCharsets.UTF_8)).contains("continues with this journal as it is");
        runGateway(true);
        try (var gateway = start()) {
            assertThat(gateway.killSwitch()).isPresent();
        }
    }

    @Test
    void a_journal_that_lost_its_last_commits_with_its_log_stops_the_start() throws Exception {
        byte[] withoutLog;
        try (var gateway = start()) {
            withoutLog = Files.readAllBytes(file("journal.db"));
            kill(gateway);
        }
        Files.write(file("journal.db"), withoutLog);
        assertThatThrownBy(this::start).isInstanceOf(StartException.class).hasMessageContaining("older");
    }

    @Test
    void a_first_start_that_failed_before_the_journal_existed_can_be_repeated() throws Exception {
        try (var occupied = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThatThrownBy(() -> start(occupied.getLocalPort())).isInstanceOf(StartException.class);
        }
        assertThat(file("identity").resolveSibling("journal.db")).doesNotExist();
        try (var files = Files.list(root.resolve("data/sim"))) {
            assertThat(files.count()).isGreaterThan(2);
        }
        runGateway(false);
    }

    @Test
    void with_any_other_file_damaged_a_start_works_or_names_the_file_in_one_sentence() throws Exception {
        runGateway(false);
        List<Path> files;
        try (var found = Files.walk(root.resolve("data/sim"))) {
            files = found.filter(Files::isRegularFile)
                    .filter(each ->
                            !each.endsWith("gateway.lock") && !each.toString().contains("/log/"))
                    .toList();
        }
        assertThat(files).hasSizeGreaterThan(4);
        for (Path damaged : files) {
            var before = Files.readAllBytes(damaged);
            Files.writeString(damaged, "this was something else once. ".repeat(300));
            try {
                runGateway(false);
            } catch (StartException e) {
                assertThat(e).hasMessageContaining(damaged.getFileName().toString());
            }
            Files.write(damaged, before);
        }
    }

    @Test
    void a_journal_without_the_first_event_of_an_order_is_reported_as_damaged_with_the_next_step() throws Exception {
        try (var gateway = start()) {
            Await.until("an order is accepted", () -> place(gateway) == 200);
        }
        try (var connection = DriverManager.getConnection("jdbc:sqlite:" + file("journal.db"));
                var statement = connection.createStatement()) {
            assertThat(statement.executeUpdate("DELETE FROM journal WHERE stream = 'A1' AND seq = 1"))
                    .isEqualTo(1);
        }
        assertThatThrownBy(this::start)
                .isInstanceOf(StartException.class)
                .hasMessageContaining("no acceptance before it")
                .hasMessageContaining("journal.db is damaged")
                .hasMessageContaining("./kis journal verify")
                .hasMessageContaining("./kis journal init");
        assertThat(journal("verify")).isEqualTo(1);
        Files.move(file("journal.db"), root.resolve("damaged.db"));
        assertThat(journal("init")).isZero();
        runGateway(false);
    }

    private int place(Gateway gateway) throws Exception {
        var request = HttpRequest.newBuilder(gateway.baseUri().resolve("/v1/orders"))
                .header("Content-Type", "application/json")
                .header("Idempotency-Key", "k1")
                .POST(BodyPublishers.ofString("{\"account_id\":\"A1\",\"symbol\":\"005930\",\"side\":\"BUY\","
                        + "\"qty\":1,\"order_type\":\"MARKET\"}"));
        return client.send(request.build(), BodyHandlers.ofString()).statusCode();
    }

    @Test
    void init_changes_nothing_in_a_sound_journal() throws Exception {
        runGateway(true);
        var before = Files.readAllBytes(file("journal.db"));
        assertThat(journal("init")).isZero();
        assertThat(printed.toString(StandardCharsets.UTF_8)).contains("nothing was changed");
        assertThat(Files.readAllBytes(file("journal.db"))).isEqualTo(before);
        try (var gateway = start()) {
            assertThat(gateway.killSwitch()).isPresent();
        }
    }

    @Test
    void a_damaged_jobs_db_is_set_aside_with_an_alert_and_the_gateway_starts() throws Exception {
        runGateway(false);
        Files.writeString(file("jobs.db"), "this was a database once".repeat(400));
        try (var gateway = start()) {
            assertThat(get(gateway, "/v1/alerts")).contains("jobs_set_aside", "jobs.db.damaged.");
            assertThat(get(gateway, "/v1/jobs")).contains("\"jobs\":[]");
        }
        try (var files = Files.list(root.resolve("data/sim"))) {
            assertThat(files.map(each -> each.getFileName().toString()))
                    .anyMatch(name -> name.matches("jobs\\.db\\.damaged\\.[0-9TZ]+"));
        }
    }

    @Test
    void a_folder_named_jobs_db_is_set_aside_with_an_alert_and_the_gateway_starts() throws Exception {
        runGateway(false);
        Files.delete(file("jobs.db"));
        Files.createDirectories(file("jobs.db").resolve("inside"));
        try (var gateway = start()) {
            assertThat(get(gateway, "/v1/alerts")).contains("jobs_set_aside", "jobs.db.damaged.");
            assertThat(get(gateway, "/v1/jobs")).contains("\"jobs\":[]");
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void a_simulator_without_its_file_raises_an_alert_that_its_account_restarts_from_the_first_day(boolean delete)
            throws Exception {
        try (var gateway = start()) {
            assertThat(get(gateway, "/v1/alerts")).as("the first start").doesNotContain("simulator_began_empty");
        }
        try (var gateway = start()) {
            assertThat(get(gateway, "/v1/alerts")).as("the second start").doesNotContain("simulator_began_empty");
        }
        if (delete) {
            Files.delete(file("simulator.db"));
        } else {
            Files.write(file("simulator.db"), new byte[0]);
        }
        try (var gateway = start()) {
            assertThat(get(gateway, "/v1/alerts")).contains("simulator_began_empty");
        }
    }

    @Test
    void an_overwritten_page_of_jobs_db_is_detected_at_the_start() throws Exception {
        runGateway(false);
        try (var connection = DriverManager.getConnection("jdbc:sqlite:" + file("jobs.db"));
                var statement = connection.createStatement()) {
            statement.execute(
                    "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < 50)"
                            + " INSERT INTO job (id, kind, request, tenant, state, created_ms, message, total, done, failed,"
                            + " noted) SELECT 'job-' || x, 'backfill', printf('%500s', 'x'), '', 'DONE', 0, '', 0, 0, 0, 0 FROM n");
            statement.execute("PRAGMA wal_checkpoint(TRUNCATE)");
        }
        var bytes = Files.readAllBytes(file("jobs.db"));
        Arrays.fill(bytes, bytes.length / 2, bytes.length, (byte) 0x5a);
        Files.write(file("jobs.db"), bytes);
        try (var gateway = start()) {
            assertThat(get(gateway, "/v1/alerts")).contains("jobs_set_aside");
        }
    }
}

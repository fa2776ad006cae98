package kr.kisgateway.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.Map;
import java.util.stream.Stream;
import kr.kisgateway.gateway.order.JournalGenerator;
import kr.kisgateway.gateway.order.JournalGenerator.Life;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The command {@code journal}, called as an operator does. */
@Tag("slow")
class JournalCommandTest {
    private static final Instant NOW = Instant.parse("2026-11-20T01:00:00Z");
    private static final LocalDate TODAY = LocalDate.of(2026, 11, 20);

    @TempDir
    Path place;

    private Path folder;
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @BeforeEach
    void createStoppedGatewayFolder() throws Exception {
        folder = Files.createDirectories(place.resolve("data/sim"));
        try (var fill = new JournalGenerator(folder.resolve("journal.db"), NOW)) {
            fill.add(TODAY.minusDays(50), 3, Life.FILLED);
            fill.add(TODAY, 2, Life.OPEN);
        }
    }

    private int run(String... args) {
        return run(Map.of(), args);
    }

    private int run(Map<String, String> variables, String... args) {
        out.reset();
        err.reset();
        return new Main(new CommandEnvironment(
                        new PrintStream(out, true, StandardCharsets.UTF_8),
                        new PrintStream(err, true, StandardCharsets.UTF_8),
                        new BufferedReader(Reader.nullReader()),
                        InstantSource.fixed(NOW),
                        variables,
                        place,
                        place))
                .run(Stream.concat(Stream.of("journal"), Stream.of(args)).toList());
    }

    private void change(String sql) throws Exception {
        try (var connection = DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("journal.db"));
                var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    @Test
    void verify_reports_a_sound_journal_or_its_faults_and_rebuild_repairs_them() throws Exception {
        assertThat(run("verify")).isZero();
        assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo("18 events read, all is well\n");
        assertThat(err.toString(StandardCharsets.UTF_8))
                .contains("reading events")
                .contains("replaying events");
        change("DELETE FROM orders WHERE terminal = 0");
        assertThat(run("verify")).isEqualTo(1);
        assertThat(out.toString(StandardCharsets.UTF_8))
                .contains("table orders lacks a row")
                .contains("18 events read, 2 problems found");
        assertThat(run("rebuild")).isZero();
        assertThat(out.toString(StandardCharsets.UTF_8)).contains("2 differences repaired");
        assertThat(run("verify")).isZero();
    }

    @Test
    void damaged_events_make_rebuild_exit_with_1_and_change_nothing() throws Exception {
        change("UPDATE journal SET payload = '{}' WHERE seq = 2");
        assertThat(run("rebuild")).isEqualTo(1);
        assertThat(out.toString(StandardCharsets.UTF_8)).contains("A1/2 is damaged");
    }

    @Test
    void export_writes_to_the_given_file() {
        assertThat(run("export", "--out", "orders.csv", "--from=2026-11-20")).isZero();
        assertThat(out.toString(StandardCharsets.UTF_8)).contains("6 events written to");
        assertThat(place.resolve("orders.csv")).isRegularFile();
        assertThat(run("export", "--format=parquet", "--out=orders.parquet")).isZero();
        assertThat(place.resolve("orders.parquet")).isRegularFile();
    }

    @Test
    void a_csv_file_starts_with_the_byte_order_mark_only_on_request() throws Exception {
        assertThat(run("export", "--out=plain.csv")).isZero();
        assertThat(out.toString(StandardCharsets.UTF_8)).contains("--bom");
        assertThat(run("export", "--bom", "--out=excel.csv")).isZero();
        assertThat(out.toString(StandardCharsets.UTF_8)).doesNotContain("--bom");
        assertThat(Files.readString(place.resolve("plain.csv"))).startsWith("stream,");
        assertThat(Files.readString(place.resolve("excel.csv")))
                .isEqualTo("\uFEFF" + Files.readString(place.resolve("plain.csv")));
        assertThat(run("export", "--bom", "--format=parquet", "--out=x.parquet"))
                .isEqualTo(2);
        assertThat(err.toString(StandardCharsets.UTF_8)).contains("--bom is for CSV");
    }

    @Test
    void prune_uses_the_retention_setting_and_without_it_removes_nothing() {
        assertThat(run("prune")).isEqualTo(2);
        assertThat(err.toString(StandardCharsets.UTF_8)).contains("All days are retained");
        assertThat(run("prune", "--keep-days=29")).isEqualTo(2);
        assertThat(err.toString(StandardCharsets.UTF_8)).contains("JOURNAL_KEEP_DAYS must be");
        assertThat(run(Map.of("JOURNAL_KEEP_DAYS", "60"), "prune")).isZero();
        assertThat(out.toString(StandardCharsets.UTF_8)).contains("Nothing ended before 2026-09-21");
        assertThat(run(Map.of("JOURNAL_KEEP_DAYS", "60"), "prune", "--keep-days=40"))
                .isZero();
        assertThat(out.toString(StandardCharsets.UTF_8)).contains("3 orders with 12 events are now in");
        assertThat(run("verify")).isZero();
    }

    @Test
    void the_journal_of_a_running_gateway_is_refused() {
        try (var gatewayFolder = DataFolder.open(folder, DataFolder.User.GATEWAY)) {
            assertThat(run("verify")).isEqualTo(3);
            assertThat(err.toString(StandardCharsets.UTF_8))
                    .contains(
                            "A gateway (process " + ProcessHandle.current().pid() + ") uses the data folder " + folder)
                    .contains("stop it");
            assertThat(gatewayFolder.file("journal.db")).exists();
        }
    }

    @Test
    void a_journal_in_use_by_another_command_is_waited_for() {
        try (var gatewayFolder = DataFolder.open(folder, DataFolder.User.JOURNAL_COMMAND)) {
            assertThat(run("verify")).isEqualTo(3);
            assertThat(err.toString(StandardCharsets.UTF_8))
                    .contains("Another ./kis journal command (process ")
                    .contains("until it has ended");
            assertThatThrownBy(() -> DataFolder.open(folder, DataFolder.User.GATEWAY))
                    .isInstanceOf(StartException.class)
                    .hasMessageContaining("A ./kis journal command (process ");
            assertThat(gatewayFolder.file("journal.db")).exists();
        }
        assertThat(run("verify")).isZero();
    }

    @Test
    void an_existing_file_is_not_replaced_and_is_not_reported_as_damage() throws Exception {
        Files.writeString(place.resolve("orders.csv"), "mine");
        assertThat(run("export", "--out", "orders.csv")).isEqualTo(2);
        assertThat(err.toString(StandardCharsets.UTF_8)).contains("orders.csv exists already");
        assertThat(place.resolve("orders.csv")).hasContent("mine");
    }

    @Test
    void a_folder_without_a_journal_is_reported_and_not_created() {
        assertThat(run("verify", "--data-dir=elsewhere", "--env=mock")).isEqualTo(2);
        assertThat(err.toString(StandardCharsets.UTF_8))
                .contains(place.resolve("elsewhere/mock").toString());
        assertThat(place.resolve("elsewhere")).doesNotExist();
    }

    @ParameterizedTest
    @CsvSource({
        "mend, ./kis journal has no command \"mend\"",
        "verify --fast, ./kis journal verify has no option --fast",
        "exprt, did you mean \"export\"?",
        "export --bmo, did you mean \"--bom\"?",
        "verify extra, ./kis journal verify takes no further argument: extra",
        "verify --out=x, ./kis journal verify has no option --out",
        "export, --out names the file",
        "export --out=x --format=xml, csv or parquet",
        "export --out=x --from=yesterday, '--from: ''yesterday'' is no date; write it as 2026-11-20.'",
        "export --out, needs a value",
        "verify --env=paper, 'sim, mock or live'",
    })
    void an_unknown_argument_is_reported_and_exits_with_2(String line, String sentence) {
        assertThat(run(line.split(" "))).isEqualTo(2);
        assertThat(err.toString(StandardCharsets.UTF_8)).contains(sentence);
    }

    @Test
    void the_help_names_every_command() {
        assertThat(run("help")).isZero();
        assertThat(out.toString(StandardCharsets.UTF_8))
                .contains("verify", "rebuild", "export", "prune", "init", "Exit codes")
                .containsPattern("[가-힣]+");
        assertThat(run("export", "--help")).isZero();
        assertThat(out.toString(StandardCharsets.UTF_8)).contains("--bom", "--format", "--data-dir");
    }
}

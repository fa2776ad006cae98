package kr.kisgateway.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import kr.kisgateway.gateway.alert.AlertEvent;
import kr.kisgateway.gateway.alert.AlertLog;
import kr.kisgateway.gateway.alert.AlertSource;
import kr.kisgateway.gateway.audit.AuditCopier;
import kr.kisgateway.gateway.database.Postgres;
import kr.kisgateway.gateway.database.PostgresAddress;
import kr.kisgateway.gateway.journal.JournalPlace.SharedPostgres;
import kr.kisgateway.gateway.task.ManualTaskRunner;
import kr.kisgateway.requirement.Requirement;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code ./kis audit}, beside a running gateway and on the folder of a stopped one. */
@Requirement(value = "A-16", clause = "verify")
@Tag("slow")
class AuditCommandTest {
    @TempDir
    private Path folder;

    private record Result(int code, String out, String err) {}

    private Result run(String... arguments) {
        return run(Map.of("KIS_COLUMNS", "400"), arguments);
    }

    private Result run(Map<String, String> variables, String... arguments) {
        var out = new ByteArrayOutputStream();
        var err = new ByteArrayOutputStream();
        int code = new Main(new CommandEnvironment(
                        new PrintStream(out, true, StandardCharsets.UTF_8),
                        new PrintStream(err, true, StandardCharsets.UTF_8),
                        new BufferedReader(Reader.nullReader()),
                        InstantSource.system(),
                        variables,
                        folder,
                        folder.resolve("home")))
                .run(Stream.concat(Stream.of("audit"), Stream.of(arguments)).toList());
        return new Result(code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    @Test
    void it_searches_verifies_and_exports_beside_a_running_gateway_and_after_it() throws Exception {
        try (var gateway = new KeyedGateway(folder)) {
            assertThat(gateway.get("/v1/orders?account_id=A1", gateway.admin).statusCode())
                    .isEqualTo(200);
            Await.until(
                    "the call is found",
                    () -> run("search", "--who", "root", "--text", "/v1/orders")
                            .out()
                            .contains("GET /v1/orders"));
            var running = run("verify");
            assertThat(running.code()).as(running.out()).isZero();
            assertThat(running.out()).contains("0 sealed files read", "all is well");
        }

        assertThat(run("search", "--source", "gateway").out()).contains("gateway started", "gateway stopped");
        assertThat(run("search", "--who", "nothing").err()).contains("No row matches");
        assertThat(run("search", "--kind", "hour").code()).isEqualTo(2);
        assertThat(run("search", "--from", "yesterday").code()).isEqualTo(2);

        var exported = run("export", "--out", "audit.csv", "--who", "root");
        assertThat(exported.code()).as(exported.err()).isZero();
        var lines = Files.readAllLines(folder.resolve("audit.csv"));
        assertThat(lines.getFirst()).contains("seq,at,source,kind,principal");
        assertThat(lines).anyMatch(line -> line.contains(",api,call,root,kgw_") && line.contains("GET /v1/orders"));
        assertThat(run("export", "--out", "audit.csv").code()).isEqualTo(2);
        assertThat(run("verify").code()).isZero();
    }

    @Test
    void a_gateway_of_a_cluster_needs_the_database_and_is_one_that_it_knows() throws Exception {
        var alone = run("search", "--gateway", "node-a");
        assertThat(alone.code()).isEqualTo(2);
        assertThat(alone.err()).contains("--gateway needs DATABASE_URL");

        String url = SharedPostgres.server().newDatabase();
        var cluster = Map.of("KIS_COLUMNS", "400", "DATABASE_URL", url);
        var empty = run(cluster, "verify", "--gateway", "node-a");
        assertThat(empty.code()).isEqualTo(2);
        assertThat(empty.err()).contains("no audit of node-a; it has none at all");

        try (var gateway = new KeyedGateway(folder)) {
            Await.until("the start is recorded", () -> run("search").out().contains("gateway started"));
        }
        var database =
                AuditModule.shared(Postgres.open(PostgresAddress.parse(url).orElseThrow(), "sim", "test"));
        var clock = InstantSource.system();
        var tasks = new ManualTaskRunner();
        try (var copier = AuditCopier.start(
                folder.resolve("data").resolve("sim"),
                database,
                "node-b",
                clock,
                clock,
                new AlertSource(new AlertLog(), AlertEvent.AUDIT_NOT_SHARED, clock),
                tasks)) {
            tasks.advance(Duration.ofSeconds(1));
        }
        assertThat(run(cluster, "search", "--gateway", "node-a").err())
                .contains("no audit of node-a; it has those of node-b");
        assertThat(run(cluster, "search", "--gateway", "node-b").out())
                .isEqualTo(run("search").out());
        var verified = run(cluster, "verify", "--gateway", "node-b");
        assertThat(verified.code()).isZero();
        assertThat(verified.out()).contains("Copied rows 1 to ", "signed by ", "all is well");
        assertThat(run(cluster, "export", "--gateway", "node-b", "--out", "copy.csv")
                        .code())
                .isZero();
        assertThat(run("export", "--out", "own.csv").code()).isZero();
        assertThat(folder.resolve("copy.csv")).hasSameTextualContentAs(folder.resolve("own.csv"));
    }

    @Test
    void verify_names_the_first_changed_row_and_ends_with_an_error() throws Exception {
        new KeyedGateway(folder).close();
        assertThat(run("verify").code()).isZero();
        var store = folder.resolve("data").resolve("sim").resolve("audit.db");
        try (var connection = DriverManager.getConnection("jdbc:sqlite:" + store);
                var statement = connection.createStatement()) {
            for (var sql :
                    List.of("DROP TRIGGER audit_unchanged", "UPDATE audit SET principal = 'scapegoat' WHERE seq = 1")) {
                statement.execute(sql);
            }
        }

        var result = run("verify");

        assertThat(result.code()).isEqualTo(1);
        assertThat(result.out()).contains("row 1 was changed", "The first row that is not as it was recorded: 1");
    }

    @Test
    void a_rotated_master_key_keeps_the_key_that_signs() throws Exception {
        new KeyedGateway(folder).close();
        Files.writeString(folder.resolve("secret.txt"), "some-secret-value");
        assertThat(secrets(
                        "set",
                        "MY_SECRET",
                        "--file",
                        folder.resolve("secret.txt").toString()))
                .isZero();

        assertThat(secrets("rotate", "--master")).isZero();
        GatewayFixture.start(folder).close();

        var result = run("verify");
        assertThat(result.code()).as(result.out()).isZero();
        assertThat(result.err()).doesNotContain("The master key is not here");
    }

    private int secrets(String... arguments) {
        var none = new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8);
        return new Main(new CommandEnvironment(
                        none,
                        none,
                        new BufferedReader(Reader.nullReader()),
                        InstantSource.system(),
                        Map.of(),
                        folder,
                        folder.resolve("home")))
                .run(Stream.concat(Stream.of("secrets"), Stream.of(arguments)).toList());
    }

    @Test
    void a_folder_without_an_audit_is_a_usage_error() {
        assertThat(run("verify").code()).isEqualTo(2);
        assertThat(run("verify").err()).contains("There is no audit in");
    }
}

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
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
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
        var out = new ByteArrayOutputStream();
        var err = new ByteArrayOutputStream();
        int code = new Main(new CommandEnvironment(
                        new PrintStream(out, true, StandardCharsets.UTF_8),
                        new PrintStream(err, true, StandardCharsets.UTF_8),
                        new BufferedReader(Reader.nullReader()),
                        InstantSource.system(),
                        Map.of("KIS_COLUMNS", "400"),
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

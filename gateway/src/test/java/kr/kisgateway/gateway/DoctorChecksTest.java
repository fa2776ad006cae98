package kr.kisgateway.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.Reader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import kr.kisgateway.gateway.database.PostgresAddress;
import kr.kisgateway.programs.FreePort;
import kr.kisgateway.programs.PostgresServer;
import kr.kisgateway.requirement.Requirement;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code ./kis doctor} against servers on this machine. */
@Requirement("I-08")
@Tag("slow")
class DoctorChecksTest {
    private static final String KEY = "PSCHECKS0000000000000000000000001234";
    private static final String SECRET = "s".repeat(180);

    @TempDir
    private Path folder;

    private final Map<String, String> variables = new HashMap<>();
    private final List<Map<String, List<String>>> headers = new CopyOnWriteArrayList<>();
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private HttpServer kis;
    private InstantSource clock = InstantSource.system();
    private String output = "";

    @BeforeEach
    void start() throws IOException {
        kis = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        kis.createContext("/", exchange -> {
            requests.add(exchange.getRequestMethod() + " " + exchange.getRequestURI());
            headers.add(new TreeMap<>(exchange.getRequestHeaders()));
            exchange.sendResponseHeaders(404, -1);
            exchange.close();
        });
        kis.start();
        variables.putAll(Map.of(
                "KIS_ENV", "mock",
                "KIS_MOCK_APP_KEY", KEY,
                "KIS_MOCK_APP_SECRET", SECRET,
                "KIS_MOCK_CANO", "50001234",
                "KIS_HTS_ID", "tester",
                "KIS_API_BASE_URL_VIRTUAL",
                        "http://127.0.0.1:" + kis.getAddress().getPort(),
                "KIS_WS_URL_MOCK", "ws://127.0.0.1:" + kis.getAddress().getPort(),
                "KIS_FACE", "false",
                "GATEWAY_PORT", "0",
                "JOURNAL_DISK_LOW", "1MB"));
        variables.put("BACKUP_FOLDER", "backups");
    }

    @AfterEach
    void stop() {
        kis.stop(0);
    }

    private int run(String... arguments) {
        var out = new ByteArrayOutputStream();
        var err = new ByteArrayOutputStream();
        int code = new Main(new CommandEnvironment(
                        new PrintStream(out, true, StandardCharsets.UTF_8),
                        new PrintStream(err, true, StandardCharsets.UTF_8),
                        new BufferedReader(Reader.nullReader()),
                        clock,
                        variables,
                        folder,
                        folder.resolve("home")))
                .run(Stream.concat(Stream.of("doctor"), Stream.of(arguments)).toList());
        output = out.toString(StandardCharsets.UTF_8) + err;
        assertThat(output).doesNotContain(KEY, SECRET, "50001234");
        return code;
    }

    private JsonNode report() {
        run("--json");
        return new JsonMapper().readTree(output.lines().findFirst().orElseThrow());
    }

    /** Verdict and texts of one check, on one line. */
    private String line(String check) {
        for (var found : report().path("checks")) {
            if (found.path("check").asString().equals(check)) {
                assertThat(found.path("measured_ko").asString()).isNotBlank();
                return found.path("verdict").asString() + ": "
                        + found.path("measured").asString() + " | "
                        + found.path("fix").asString("");
            }
        }
        throw new AssertionError("no check " + check);
    }

    @Test
    void without_settings_nothing_outside_is_requested_and_nothing_fails() throws IOException {
        variables.clear();
        variables.put("GATEWAY_PORT", "0");
        variables.put("SIMULATOR_PORT", "0");
        variables.put(
                "NETWORK_ADDRESS_URL", "http://127.0.0.1:" + kis.getAddress().getPort());
        var verdicts = new TreeMap<String, String>();
        report().path("checks")
                .forEach(it -> verdicts.put(
                        it.path("check").asString(), it.path("verdict").asString()));
        for (var skipped : List.of("clock", "dns", "tls", "websocket", "plain_text", "egress", "keys", "hts_id")) {
            assertThat(verdicts).as(output).containsEntry(skipped, "skipped");
        }
        assertThat(verdicts.values()).as(output).doesNotContain("fail");
        assertThat(verdicts).hasSize(21);
        assertThat(requests).isEmpty();
        assertThat(run()).isZero();
        assertThat(output).contains("the simulator on this machine", "시뮬레이터가 KIS를 대신합니다");
        try (var made = Files.list(folder)) {
            assertThat(made.map(it -> it.getFileName().toString()))
                    .as("nothing is created")
                    .isEmpty();
        }
    }

    @Test
    void each_line_has_its_verdict_measure_and_fix_in_both_languages_and_one_that_fails_sets_the_exit_code() {
        assertThat(run()).as("no backup exists: " + output).isEqualTo(1);
        assertThat(output)
                .contains("ok       clock: ", "시계: ")
                .contains("FAIL     backup: ", "What to do: ", "할 일: ")
                .contains("21 checks: 1 failed");
        variables.remove("BACKUP_FOLDER");
        assertThat(run()).as(output).isZero();
    }

    @Test
    void the_database_of_a_cluster_is_inspected_and_left_as_it_is() throws Exception {
        try (var server = PostgresServer.start()) {
            String url = server.newDatabase();
            variables.put("DATABASE_URL", url);
            assertThat(line("journal"))
                    .startsWith("ok: in the database 127.0.0.1:")
                    .contains("no gateway used it yet");
            assertThat(line("journal")).as("nothing was created").contains("no gateway used it yet");
            assertThat(line("backup")).startsWith("warning: ").contains("the orders are in the database");
            var address = PostgresAddress.parse(url).orElseThrow();
            try (var data = DataFolder.open(folder.resolve("other"), DataFolder.User.JOURNAL_COMMAND)) {
                try (var owner = JournalDatabase.own(address, "mock", data)) {
                    assertThat(owner.lease().name()).isEqualTo("owner");
                    assertThat(line("journal")).startsWith("ok: ").contains("kis-journal owns the accounts");
                }
            }
            assertThat(line("journal")).contains("no gateway owns the accounts now, the last was kis-journal");
            var system = InstantSource.system();
            clock = () -> system.instant().plusSeconds(600);
            assertThat(line("journal")).startsWith("fail: ").contains("differ by ", " s: let both follow NTP");
            clock = system;
            Path own = Files.createFile(
                    Files.createDirectories(folder.resolve("data/mock")).resolve("journal.db"));
            assertThat(line("journal"))
                    .startsWith("fail: DATABASE_URL is set, and the data folder has a journal of its own, " + own)
                    .contains("./kis journal migrate --env mock");
            Files.delete(own);
            variables.put("DATABASE_URL", url + "_missing");
            assertThat(line("journal")).startsWith("fail: ").contains("does not exist");
        }
    }

    @Test
    void no_request_has_credentials_and_none_is_for_a_token() {
        run();
        assertThat(requests).isNotEmpty().allMatch(it -> it.equals("HEAD /"));
        assertThat(headers.toString()).doesNotContain(KEY, SECRET, "appkey", "Authorization");
    }

    @Test
    void the_clock_is_compared_with_the_date_of_kis() throws IOException {
        assertThat(line("clock")).startsWith("ok: 0.").contains("limit 2 s");
        var system = InstantSource.system();
        clock = () -> system.instant().plusSeconds(600);
        assertThat(line("clock")).startsWith("fail: ").contains("s ahead of 127.0.0.1", "timedatectl");
        clock = system;
        try (var server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            Thread.ofPlatform().daemon().start(() -> answerTenMinutesLate(server));
            variables.put("KIS_API_BASE_URL_VIRTUAL", "http://127.0.0.1:" + server.getLocalPort());
            assertThat(line("clock")).startsWith("fail: ").contains("s ahead of 127.0.0.1");
        }
        assertThat(line("clock")).as("nothing listens any more").startsWith("warning: not measured");
    }

    private static void answerTenMinutesLate(ServerSocket server) {
        while (!server.isClosed()) {
            try (var one = server.accept()) {
                var reader = new java.io.InputStreamReader(one.getInputStream(), StandardCharsets.US_ASCII);
                var lines = new BufferedReader(reader);
                for (var line = lines.readLine(); line != null && !line.isEmpty(); line = lines.readLine()) {
                    assertThat(line).isNotNull();
                }
                var date = java.time.format.DateTimeFormatter.RFC_1123_DATE_TIME.format(
                        Instant.now().minusSeconds(600).atZone(java.time.ZoneOffset.UTC));
                one.getOutputStream()
                        .write(("HTTP/1.1 404 Not Found\r\nDate: " + date
                                        + "\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
                                .getBytes(StandardCharsets.US_ASCII));
            } catch (IOException _) {
                return;
            }
        }
    }

    @Test
    void names_without_an_address_and_a_websocket_that_is_not_reached_fail() throws IOException {
        assertThat(line("dns")).startsWith("ok: 127.0.0.1 127.0.0.1");
        assertThat(line("websocket")).startsWith("ok: 127.0.0.1:").contains("accepts connections");
        variables.put("KIS_WS_URL_MOCK", "ws://127.0.0.1:" + FreePort.find());
        assertThat(line("websocket")).startsWith("fail: ").contains("cannot be reached", "outgoing TCP to port");
        variables.put("KIS_API_BASE_URL_VIRTUAL", "https://no-such-host.invalid:9443");
        assertThat(line("dns")).startsWith("fail: no address of no-such-host.invalid");
        assertThat(line("tls")).startsWith("fail: no encrypted connection to no-such-host.invalid");
    }

    @Test
    @Requirement(value = "A-17", clause = "egress")
    void the_address_that_a_service_sees_is_shown_and_compared_with_the_allowed_ones() throws IOException {
        assertThat(line("egress")).startsWith("skipped: NETWORK_ADDRESS_URL is not set");
        var service = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        service.createContext("/", exchange -> {
            var text = "203.0.113.7\n".getBytes(StandardCharsets.US_ASCII);
            exchange.sendResponseHeaders(200, text.length);
            exchange.getResponseBody().write(text);
            exchange.close();
        });
        service.start();
        try {
            variables.put(
                    "NETWORK_ADDRESS_URL",
                    "http://127.0.0.1:" + service.getAddress().getPort());
            assertThat(line("egress")).startsWith("ok: 203.0.113.7; NETWORK_EGRESS_ALLOW is not set");
            variables.put("NETWORK_EGRESS_ALLOW", "203.0.113.0/24");
            assertThat(line("egress")).startsWith("ok: 203.0.113.7, allowed");
            variables.put("NETWORK_EGRESS_ALLOW", "198.51.100.1");
            assertThat(line("egress"))
                    .startsWith("fail: 203.0.113.7, which NETWORK_EGRESS_ALLOW (198.51.100.1) does not have");
        } finally {
            service.stop(0);
        }
        assertThat(line("egress")).startsWith("fail: 127.0.0.1 does not show the address");
    }

    @Test
    @Requirement(value = "A-17", clause = "plain")
    void the_plain_text_of_kiss_websocket_is_reported() {
        assertThat(line("plain_text")).startsWith("ok: ws: not encrypted, and does not leave this machine");
        variables.put("KIS_WS_URL_MOCK", "ws://no-such-host.invalid:31000");
        assertThat(line("plain_text"))
                .startsWith("warning: KIS's WebSocket is plain text (ws://no-such-host.invalid)")
                .contains("KIS offers no other");
        variables.put("KIS_WS_URL_MOCK", "wss://no-such-host.invalid:31000");
        assertThat(line("plain_text")).startsWith("ok: wss: encrypted");
    }

    @Test
    void settings_that_prevent_a_start_fail_and_everything_else_is_checked_nevertheless() {
        assertThat(line("settings")).startsWith("ok: valid, environment mock");
        variables.remove("KIS_MOCK_CANO");
        variables.remove("KIS_MOCK_APP_SECRET");
        assertThat(line("settings"))
                .startsWith("fail: ")
                .contains("KIS_MOCK_CANO", "KIS_MOCK_APP_SECRET", "./kis config");
        assertThat(line("keys")).startsWith("fail: no complete app key");
        assertThat(line("accounts")).startsWith("fail: no account is set");
        assertThat(line("clock")).startsWith("ok: ");
        variables.put("KIS_ENV", "production");
        assertThat(line("settings")).startsWith("fail: ").contains("KIS_ENV must be sim, mock or live");
        assertThat(line("clock")).startsWith("skipped: the settings select no environment");
    }

    @Test
    void a_key_or_an_address_of_the_other_environment_fails_as_far_as_it_is_visible() {
        assertThat(line("keys")).startsWith("ok: 1 app key for mock").contains("./kis doctor --live");
        variables.put("KIS_APP_KEY", KEY);
        assertThat(line("keys")).startsWith("fail: KIS_APP_KEY and KIS_MOCK_APP_KEY are the same key");
        variables.put("KIS_APP_KEY", "P" + KEY.substring(1, 35) + "9");
        assertThat(line("keys")).startsWith("ok: ");
        variables.put("KIS_API_BASE_URL_VIRTUAL", "https://openapi.koreainvestment.com:9443");
        assertThat(line("keys")).startsWith("fail: the environment is mock, and openapi.koreainvestment.com:9443");
        variables.put("KIS_API_BASE_URL_VIRTUAL", "http://127.0.0.1:1");
        variables.put("KIS_ACCOUNT_NO", "50001234-01");
        assertThat(line("keys")).startsWith("warning: live and paper trading have the same account number");
        variables.remove("KIS_ACCOUNT_NO");
        variables.put("KIS_MOCK_APP_KEY", KEY + "12");
        assertThat(line("keys")).startsWith("warning: the app key has 38 characters");
    }

    @Test
    void product_codes_that_the_gateway_does_not_trade_fail() {
        assertThat(line("accounts")).startsWith("ok: A1 01 (위탁)");
        variables.put("KIS_MOCK_ACNT_PRDT_CD", "03");
        assertThat(line("accounts")).startsWith("fail: A1 03 (국내선물옵션)");
        variables.put("KIS_MOCK_ACNT_PRDT_CD", "22");
        assertThat(line("accounts")).startsWith("warning: A1 22 (개인연금)");
    }

    @Test
    void a_missing_hts_id_is_a_warning_with_the_line_to_add() {
        assertThat(line("hts_id")).startsWith("ok: ");
        variables.remove("KIS_HTS_ID");
        assertThat(line("hts_id")).startsWith("warning: not set").contains("KIS_HTS_ID=<your HTS login id>");
    }

    @Test
    void limits_that_are_not_set_are_a_warning_on_paper_and_fail_in_live() {
        assertThat(line("limits")).startsWith("ok: max_qty 100, max_notional 10000000, daily_orders ");
        variables.put("RISK_MAX_QTY", "none");
        assertThat(line("limits")).startsWith("warning: max_qty none").contains("set RISK_MAX_QTY");
        assertThat(line("live_trading")).startsWith("skipped: no real money in mock");
        goLive();
        assertThat(line("limits")).startsWith("fail: max_qty none").contains("set RISK_MAX_QTY");
        assertThat(line("live_trading")).startsWith("warning: no order is sent: KIS_LIVE_TRADING, KIS_LIVE_ACCOUNTS");
        variables.remove("RISK_MAX_QTY");
        variables.putAll(Map.of("KIS_LIVE_TRADING", "true", "KIS_LIVE_ACCOUNTS", "A1", "RISK_DAILY_LOSS", "100000"));
        assertThat(line("limits")).startsWith("ok: ");
        assertThat(line("live_trading")).startsWith("ok: accounts A1");
    }

    private void goLive() {
        variables.putAll(Map.of(
                "KIS_ENV",
                "live",
                "KIS_APP_KEY",
                "P" + KEY.substring(1, 35) + "9",
                "KIS_APP_SECRET",
                "t".repeat(180),
                "KIS_ACCOUNT_NO",
                "61234567-01",
                "KIS_API_BASE_URL_REAL",
                "http://127.0.0.1:" + kis.getAddress().getPort(),
                "KIS_WS_URL_LIVE",
                "ws://127.0.0.1:" + kis.getAddress().getPort()));
    }

    @Test
    void registrations_that_the_settings_need_are_counted_against_those_of_kis() {
        assertThat(line("registrations")).startsWith("ok: 2 of 41 (KIS_WS_SYMBOLS 1, execution notices 1, 1 app key)");
        variables.put("KIS_WS_SYMBOLS", symbols(40));
        assertThat(line("registrations"))
                .startsWith("warning: 41 of 41")
                .contains("every symbol of a client is polled");
        variables.put("KIS_WS_SYMBOLS", symbols(41));
        assertThat(line("registrations")).startsWith("fail: 42 of 41");
    }

    private static String symbols(int count) {
        return IntStream.range(0, count)
                .mapToObj(it -> String.format("%06d", 100_000 + it * 10))
                .collect(Collectors.joining(","));
    }

    @Test
    void today_is_a_trading_day_or_a_holiday_and_the_end_of_the_calendar_is_a_warning() {
        clock = InstantSource.fixed(Instant.parse("2026-11-20T03:00:00Z"));
        assertThat(line("trading_day")).startsWith("ok: 2026-11-20: KRX trading day, REGULAR, NXT REGULAR");
        clock = InstantSource.fixed(Instant.parse("2026-12-25T03:00:00Z"));
        assertThat(line("trading_day"))
                .startsWith("ok: 2026-12-25: KRX closed (")
                .contains("next trading day 2026-12-28");
        clock = InstantSource.fixed(Instant.parse("2028-12-20T03:00:00Z"));
        assertThat(line("trading_day")).startsWith("warning: ").contains("The holiday calendar ends");
    }

    @Test
    void a_disk_below_the_limit_fails() {
        assertThat(line("disk")).startsWith("ok: ").contains("JOURNAL_DISK_LOW 1 MiB");
        variables.put("JOURNAL_DISK_LOW", "900000GB");
        assertThat(line("disk")).startsWith("fail: ").contains("no new order is accepted");
        variables.put("JOURNAL_DISK_LOW", "0");
        assertThat(line("disk")).startsWith("warning: ");
    }

    @Test
    void files_that_others_can_read_fail_with_the_command_that_closes_them() throws IOException {
        assertThat(line("permissions")).startsWith("skipped: ");
        Path env = folder.resolve(".env");
        Files.writeString(env, "KIS_HTS_ID=tester\n");
        Files.setPosixFilePermissions(env, PosixFilePermissions.fromString("rw-r--r--"));
        assertThat(line("permissions")).as("no secret in it").startsWith("skipped: ");
        Files.writeString(env, "KIS_MOCK_APP_SECRET=" + SECRET + "\n");
        variables.remove("KIS_MOCK_APP_SECRET");
        assertThat(line("permissions")).startsWith("fail: ").contains(".env (rw-r--r--)", "chmod 600 " + env);
        Files.setPosixFilePermissions(env, PosixFilePermissions.fromString("rw-------"));
        assertThat(line("permissions")).startsWith("ok: ");
        Path data = Files.createDirectories(folder.resolve("data/mock"));
        Files.setPosixFilePermissions(data, PosixFilePermissions.fromString("rwxr-x---"));
        assertThat(line("permissions")).startsWith("fail: ").contains("chmod 700 " + data);
        Files.delete(data);
        Files.writeString(data, "in the way");
        assertThat(line("permissions")).startsWith("fail: " + data + " is no folder");
    }

    @Test
    void a_taken_port_fails_also_when_the_gateway_of_another_data_folder_has_it() throws IOException {
        assertThat(line("ports")).startsWith("skipped: 0 selects free ones");
        try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            variables.put("GATEWAY_PORT", String.valueOf(taken.getLocalPort()));
            assertThat(line("ports")).startsWith("fail: GATEWAY_PORT").contains("used by another program");
        }
        assertThat(line("ports")).startsWith("ok: no gateway runs; free");
        variables.put("GATEWAY_PORT", String.valueOf(kis.getAddress().getPort()));
        assertThat(line("ports")).as("another HTTP server").startsWith("fail: GATEWAY_PORT");
        try (var gateway = GatewayFixture.start(folder.resolve("other"))) {
            variables.put("GATEWAY_PORT", String.valueOf(gateway.port()));
            assertThat(line("ports"))
                    .startsWith("fail: GATEWAY_PORT 127.0.0.1:" + gateway.port())
                    .contains("a gateway of another data folder runs there");
        }
        variables.put("GATEWAY_BIND", "192.0.2.1");
        variables.put("GATEWAY_PLAIN_HTTP", "true");
        assertThat(line("ports")).startsWith("fail: ").contains("not available on this machine");
    }

    @Test
    void the_journal_of_a_running_and_of_a_stopped_gateway_opens_and_nothing_in_its_folder_changes()
            throws IOException {
        variables.clear();
        variables.putAll(Map.of("GATEWAY_PORT", "0", "SIMULATOR_PORT", "0", "KIS_ENV", "sim"));
        assertThat(line("journal")).startsWith("skipped: no gateway ran");
        assertThat(line("master_key")).startsWith("skipped: there is none yet");
        Path data = folder.resolve("data/sim");
        try (var gateway = GatewayFixture.start(folder)) {
            gateway.awaitReady();
            PublishedAddress.ofApi(data).publish(URI.create("http://127.0.0.1:" + gateway.port()));
            assertThat(line("ports"))
                    .startsWith("ok: the gateway of this data folder runs at http://127.0.0.1:" + gateway.port());
            assertThat(line("journal")).matches("ok: opens, schema [0-9]+, (1 event|[0-9]+ events);.*");
            assertThat(line("master_key")).startsWith("ok: present at ");
            assertThat(gateway.get("/health/live").statusCode()).isEqualTo(200);
        }
        var before = contents(data);
        assertThat(line("journal")).startsWith("ok: opens");
        assertThat(contents(data)).as("nothing is created or changed").isEqualTo(before);

        Path key = folder.resolve("home/.config/kis-gateway/master.key");
        try (var files = Files.walk(folder.resolve("home"))) {
            key = files.filter(it -> it.endsWith("master.key")).findFirst().orElse(key);
        }
        Files.delete(key);
        assertThat(line("master_key")).startsWith("fail: There is no master key");
        Files.delete(data.resolve("journal.db"));
        assertThat(line("journal")).startsWith("fail: There is no journal");
        Files.writeString(data.resolve("journal.db"), "no database".repeat(1_000));
        assertThat(line("journal")).startsWith("fail: ").contains("cannot be read");
    }

    private static Map<String, FileTime> contents(Path data) throws IOException {
        var files = new TreeMap<String, FileTime>();
        var all = new ArrayList<Path>();
        try (var walked = Files.walk(data)) {
            walked.forEach(all::add);
        }
        for (Path file : all) {
            files.put(data.relativize(file).toString(), Files.getLastModifiedTime(file));
        }
        return files;
    }

    @Test
    void the_newest_backup_may_not_be_older_than_a_day() throws IOException {
        assertThat(line("backup")).startsWith("fail: there is none in ");
        Path backups = Files.createDirectories(folder.resolve("backups"));
        Files.writeString(backups.resolve("kis-backup-mock-20261118T000000Z.zip"), "old");
        clock = InstantSource.fixed(Instant.parse("2026-11-20T03:00:00Z"));
        assertThat(line("backup")).startsWith("fail: the newest is of 2026-11-18T09:00, 51 h old");
        Files.writeString(backups.resolve("kis-backup-mock-20261119T180000Z.zip"), "new");
        assertThat(line("backup")).startsWith("ok: the newest is of 2026-11-20T03:00, 9 h old");
        variables.remove("BACKUP_FOLDER");
        assertThat(line("backup")).startsWith("warning: BACKUP_FOLDER is not set");
    }

    @Test
    void the_end_of_the_ports_own_certificate_is_a_warning_and_then_a_failure() {
        assertThat(line("certificate")).startsWith("skipped: none is set");
        var out = new ByteArrayOutputStream();
        int made = new Main(new CommandEnvironment(
                        new PrintStream(out, true, StandardCharsets.UTF_8),
                        new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8),
                        new BufferedReader(Reader.nullReader()),
                        InstantSource.system(),
                        Map.of(),
                        folder,
                        folder.resolve("home")))
                .run(List.of("tls", "self-signed", "--days", "30"));
        assertThat(made).isZero();
        variables.put("GATEWAY_TLS_CERT", "tls/cert.pem");
        variables.put("GATEWAY_TLS_KEY", "tls/key.pem");
        assertThat(line("certificate")).startsWith("ok: valid until ").contains("(29 days)");
        clock = InstantSource.fixed(Instant.now().plus(Duration.ofDays(20)));
        assertThat(line("certificate")).startsWith("warning: valid until ").contains("(9 days)", "renew");
        clock = InstantSource.fixed(Instant.now().plus(Duration.ofDays(31)));
        assertThat(line("certificate")).startsWith("fail: ended on ");
        variables.put("GATEWAY_TLS_KEY", "tls/cert.pem");
        assertThat(line("certificate")).startsWith("fail: The TLS files ");
    }

    @Test
    void options_of_the_two_kinds_of_checks_exclude_each_other() {
        assertThat(run("--force")).isEqualTo(2);
        assertThat(output).contains("--force needs --live");
        assertThat(run("--live", "--json")).isEqualTo(2);
        assertThat(run("--help")).isZero();
        assertThat(output).contains("--json", "--data-dir", "점검합니다");
    }
}

package kr.kisgateway.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.io.StringReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;
import kr.kisgateway.requirement.Requirement;
import kr.kisgateway.simulator.KisSimulator;
import kr.kisgateway.simulator.SimulatorConfig;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/** The check of real keys, against a broker that behaves as KIS's live face. */
@Requirement("I-08")
class DoctorCommandTest {
    private static final Instant MARKETS_CLOSED = Instant.parse("2026-11-20T09:00:00Z"); // 18:00 in Seoul
    private static final Instant KOREAN_MARKET_OPEN = Instant.parse("2026-11-20T03:00:00Z"); // 12:00 in Seoul
    private static final String KEY = "PSDOCTOR0000000000000000000000001234";
    private static final String SECRET = "s".repeat(180);

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final Map<String, String> variables = new HashMap<>();

    @TempDir
    Path folder;

    private KisSimulator broker;

    @BeforeEach
    void start() {
        broker = KisSimulator.start(SimulatorConfig.defaults(folder.resolve("kis.db")));
        variables.putAll(Map.of(
                "KIS_APP_KEY", KEY,
                "KIS_APP_SECRET", SECRET,
                "KIS_API_BASE_URL_REAL", "http://127.0.0.1:" + broker.port()));
    }

    @AfterEach
    void stop() {
        broker.close();
    }

    @Test
    @Requirement(value = "I-08", clause = "approval")
    void between_the_markets_one_request_goes_to_kis_and_no_token_is_issued() throws Exception {
        assertThat(calls()).isEmpty();
        assertThat(run(MARKETS_CLOSED, "", "--live")).isZero();
        assertThat(calls()).as("requests to the broker").containsExactly(Map.entry("/oauth2/Approval", 1L));
        assertThat(output())
                .contains("KIS accepts this app key", "No token was issued")
                .doesNotContain(KEY, SECRET);
    }

    @Test
    @Requirement(value = "I-08", clause = "overlap")
    void between_the_markets_overlapping_sessions_are_warned_of() {
        assertThat(run(MARKETS_CLOSED, "", "--live")).isZero();
        assertThat(output())
                .contains("NXT, KRX's after-market and the US pre-market overlap these hours")
                .contains("NXT", "시간외", "프리마켓");
    }

    @Test
    void a_wrong_secret_is_reported_with_the_next_step() {
        assertThat(run(MARKETS_CLOSED, "", "--live"))
                .isZero(); // the first pair that the broker receives is taken as valid
        variables.put("KIS_APP_SECRET", "x".repeat(180));
        assertThat(run(MARKETS_CLOSED, "", "--live")).isEqualTo(1);
        assertThat(output()).contains("EGW00105", "AppSecret", "correct the app key and secret");
    }

    @Test
    @Requirement(value = "I-08", clause = "next")
    void while_a_market_is_open_no_request_is_sent_and_the_next_window_is_reported() throws Exception {
        assertThat(run(KOREAN_MARKET_OPEN, "", "--live")).isEqualTo(3);
        assertThat(calls()).isEmpty();
        assertThat(output()).contains("2026-11-20 17:00", "장이 열려 있어");
    }

    @Test
    @Requirement(value = "I-08", clause = "force")
    void forcing_a_check_requires_the_last_four_characters_of_the_key() {
        assertThat(run(KOREAN_MARKET_OPEN, "4321\n", "--live", "--force")).isEqualTo(3);
        assertThat(output()).contains("That is not this app key");
        assertThat(run(KOREAN_MARKET_OPEN, "", "--live", "--force"))
                .as("no input from a person")
                .isEqualTo(3);
        assertThat(run(KOREAN_MARKET_OPEN, "1234\n", "--live", "--force")).isZero();
    }

    @Test
    void missing_or_malformed_credentials_are_reported() {
        assertThat(run(MARKETS_CLOSED, "", "--live", "--quick")).isEqualTo(2);
        assertThat(output()).contains("./kis doctor has no option --quick");
        variables.remove("KIS_APP_SECRET");
        assertThat(run(MARKETS_CLOSED, "", "--live")).isEqualTo(2);
        assertThat(output()).contains("KIS_APP_KEY and KIS_APP_SECRET must be set");
        assertThat(run(MARKETS_CLOSED, "", "--help")).isZero();
        assertThat(output()).contains("알림톡");
    }

    /** How often the broker answered each path. */
    private Map<String, Long> calls() throws Exception {
        try (var client = HttpClient.newHttpClient()) {
            var state = client.send(
                            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + broker.port() + "/simulator/state"))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString())
                    .body();
            var calls = new HashMap<String, Long>();
            new JsonMapper()
                    .readTree(state)
                    .path("calls")
                    .propertyStream()
                    .forEach(call -> calls.put(call.getKey(), call.getValue().asLong()));
            return calls;
        }
    }

    private int run(Instant now, String typed, String... args) {
        return new Main(new CommandEnvironment(
                        new PrintStream(out, true, StandardCharsets.UTF_8),
                        new PrintStream(err, true, StandardCharsets.UTF_8),
                        new BufferedReader(new StringReader(typed)),
                        () -> now,
                        variables,
                        folder,
                        folder.resolve("home")))
                .run(Stream.concat(Stream.of("doctor"), Stream.of(args)).toList());
    }

    private String output() {
        return out.toString(StandardCharsets.UTF_8) + err.toString(StandardCharsets.UTF_8);
    }
}

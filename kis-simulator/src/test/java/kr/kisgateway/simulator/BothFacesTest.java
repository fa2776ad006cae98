package kr.kisgateway.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import kr.kisgateway.simulator.broker.Customers;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Live and paper in one program, and their accepted keys, over raw sockets. */
@Tag("slow")
class BothFacesTest {
    private static final String LIVE_KEY = "PSLIVE000000000000000000000000000001";
    private static final String PAPER_KEY = "PSPAPER00000000000000000000000000001";
    private static final String UNLISTED_KEY = "PSSTRANGER00000000000000000000000001";

    @TempDir
    Path folder;

    private KisFaces both(String... more) {
        String[] args = new String[more.length + 5];
        System.arraycopy(new String[] {"--both", "--ws-port", "0", "--paper-ws-port", "0"}, 0, args, 0, 5);
        System.arraycopy(more, 0, args, 5, more.length);
        SimulatorCommand command = SimulatorCommands.parsed(args);
        return KisFaces.start(command.config(folder), command.paperConfig(folder));
    }

    private static String login(KisSimulator face, String key, String secret) {
        HttpResponse<String> answer = new RawClient(face, key)
                .post(
                        "/oauth2/tokenP",
                        Map.of(),
                        "{\"grant_type\":\"client_credentials\",\"appkey\":\"" + key + "\",\"appsecret\":\"" + secret
                                + "\"}");
        return answer.statusCode() + " "
                + RawClient.json(answer.body()).path("error_code").asString("ok");
    }

    private static String code(HttpResponse<String> answer) {
        return answer.statusCode() + " "
                + RawClient.json(answer.body()).path("msg_cd").asString();
    }

    private static final String SECRET = "s".repeat(180);

    @Test
    void each_of_four_listeners_serves_its_own_traffic_and_refuses_the_rest() throws Exception {
        try (KisFaces faces = both()) {
            assertThat(List.of(
                            faces.live().port(),
                            faces.live().wsBase().getPort(),
                            faces.paper().port(),
                            faces.paper().wsBase().getPort()))
                    .doesNotHaveDuplicates();
            RawClient live = new RawClient(faces.live(), LIVE_KEY).login();
            RawClient paper = new RawClient(faces.paper(), PAPER_KEY).login();
            try (var stream = live.stream()) {
                stream.send(RawClient.subscribe(live.approvalKey(), "1", "H0STCNI0", "MYHTS"));
                stream.await("OPSP0000");
            }
            try (var stream = paper.stream()) {
                stream.send(RawClient.subscribe(paper.approvalKey(), "1", "H0STCNI9", "MYHTS"));
                stream.await("OPSP0000");
                stream.send(RawClient.subscribe(paper.approvalKey(), "1", "H0STMKO0", "005930"));
                stream.await("OPSP8991");
            }
            assertThatThrownBy(() -> live.stream(faces.live().restBase()))
                    .as("no WebSocket on the REST port")
                    .hasStackTraceContaining("404");
            assertThat(live.getFrom(faces.live().wsBase(), "/uapi/x").statusCode())
                    .as("no REST on the WebSocket port")
                    .isEqualTo(404);
            assertThat(live.getFrom(faces.live().wsBase(), "/simulator/state").statusCode())
                    .as("but control calls")
                    .isEqualTo(200);
        }
    }

    @Test
    void each_face_has_its_own_limits_tr_ids_accounts_and_codes() {
        try (KisFaces faces = both()) {
            RawClient live = new RawClient(faces.live(), LIVE_KEY).login();
            RawClient paper = new RawClient(faces.paper(), PAPER_KEY).login();

            assertThat(code(live.order("50000001", "TTTC0012U", "005930", "00", "1", "150000")))
                    .isEqualTo("200 APBK0013");
            assertThat(code(paper.order("50000001", "VTTC0012U", "005930", "00", "1", "150000")))
                    .isEqualTo("200 40600000");
            assertThat(code(paper.order("50000001", "VTTC0012U", "005930", "00", "1", "150000")))
                    .as("one call a second")
                    .isEqualTo("500 EGW00201");
            assertThat(RawClient.json(live.daily("50000001").body()).path("output1"))
                    .as("the same account number on the other face is another account")
                    .hasSize(1);
        }
    }

    @Test
    void the_key_of_one_face_is_refused_by_the_other_also_after_a_restart() {
        try (KisFaces faces = both()) {
            assertThat(login(faces.live(), LIVE_KEY, SECRET)).isEqualTo("200 ok");
            assertThat(login(faces.paper(), PAPER_KEY, SECRET)).isEqualTo("200 ok");
            assertThat(login(faces.live(), PAPER_KEY, SECRET)).isEqualTo("403 EGW02004");
            assertThat(login(faces.paper(), LIVE_KEY, SECRET)).isEqualTo("403 EGW02006");
            assertThat(code(new RawClient(faces.live(), PAPER_KEY).balance("50000001")))
                    .isEqualTo("500 EGW02004");
            assertThat(code(new RawClient(faces.paper(), LIVE_KEY).balance("50000001")))
                    .isEqualTo("500 EGW02006");

            assertThat(code(new RawClient(faces.paper(), UNLISTED_KEY).balance("50000001")))
                    .as("a call without a token claims nothing")
                    .isEqualTo("500 EGW00121");
            assertThat(login(faces.live(), UNLISTED_KEY, SECRET)).isEqualTo("200 ok");
        }
        try (KisFaces restarted = both()) {
            assertThat(login(restarted.paper(), LIVE_KEY, SECRET)).isEqualTo("403 EGW02006");
            assertThat(login(restarted.live(), PAPER_KEY, SECRET)).isEqualTo("403 EGW02004");
        }
    }

    private Path identities() throws Exception {
        return Files.writeString(folder.resolve("identities.yaml"), """
                identities:
                  - face: live
                    app_key: %s
                    app_secret: %s
                    accounts: ["50000001-01", "50000002-01"]
                    hts_id: "MYHTS"
                  - face: paper
                    app_key: %s
                    app_secret: %s
                """.formatted(LIVE_KEY, SECRET, PAPER_KEY, SECRET));
    }

    @Test
    void with_identities_only_listed_keys_may_call_and_only_for_their_own_accounts() throws Exception {
        try (KisFaces faces = both("--identities", identities().toString())) {
            assertThat(login(faces.live(), UNLISTED_KEY, SECRET)).isEqualTo("403 EGW00103");
            assertThat(login(faces.live(), LIVE_KEY, "w".repeat(180))).isEqualTo("403 EGW00105");
            assertThat(login(faces.paper(), LIVE_KEY, SECRET)).isEqualTo("403 EGW02006");
            assertThat(code(new RawClient(faces.live(), UNLISTED_KEY).balance("50000001")))
                    .isEqualTo("403 EGW00103");

            RawClient live = new RawClient(faces.live(), LIVE_KEY).login();
            assertThat(code(live.balance("50000001"))).isEqualTo("200 KIOK0510");
            assertThat(code(live.balance("50000002"))).isEqualTo("200 KIOK0510");
            assertThat(code(live.balance("50000003"))).isEqualTo("200 OPSQ2000");
            assertThat(code(live.get(
                            RawClient.TRADING + "inquire-psbl-rvsecncl?CANO=50000003&ACNT_PRDT_CD=01&INQR_DVSN_1=0"
                                    + "&INQR_DVSN_2=0&CTX_AREA_FK100=&CTX_AREA_NK100=",
                            Map.of("tr_id", "TTTC0084R"))))
                    .isEqualTo("200 OPSQ2000");
            String approval = live.approvalKey();
            try (var stream = live.stream()) {
                stream.send(RawClient.subscribe(approval, "1", "H0STCNI0", "OTHERHTS"));
                stream.await("OPSP0017");
            }
            try (var stream = live.stream()) {
                stream.send(RawClient.subscribe(approval, "1", "H0STCNI0", "MYHTS"));
                stream.await(text -> text.contains("OPSP0000") || text.contains("OPSP8996"));
            }
        }
        Path rotated = Files.writeString(
                folder.resolve("rotated.yaml"),
                Files.readString(folder.resolve("identities.yaml")).replace(SECRET, "n".repeat(180)));
        try (KisFaces faces = both("--identities", rotated.toString())) {
            assertThat(login(faces.live(), LIVE_KEY, SECRET))
                    .as("the old secret")
                    .isEqualTo("403 EGW00105");
            assertThat(login(faces.live(), LIVE_KEY, "n".repeat(180)))
                    .as("the new one")
                    .doesNotContain("EGW00105");
        }
        String stored = Files.readString(folder.resolve("simulator.db"), StandardCharsets.ISO_8859_1);
        assertThat(stored).as("only hashes are stored").doesNotContain(LIVE_KEY, SECRET);
    }

    @Test
    void a_bad_identities_file_fails_with_one_sentence_that_names_no_secret() throws Exception {
        Path file = folder.resolve("bad.yaml");
        Files.writeString(
                file,
                "identities:\n  - {face: real, app_key: " + LIVE_KEY + ", app_secret: " + SECRET + "}\n"
                        + "  - {face: live, app_key: short, app_secret: " + SECRET + "}\n"
                        + "  - {face: live, app_key: " + LIVE_KEY + ", app_secret: " + SECRET
                        + ", accounts: [\"1\"]}\n");
        assertThatThrownBy(() -> IdentitiesFile.read(file))
                .hasMessageContaining("entry 1: face must be live or paper")
                .hasMessageContaining("entry 2: app_key is missing, or not a text of the right length")
                .hasMessageContaining("entry 3: an account is eight digits, - and two digits")
                .satisfies(e -> assertThat(e.getMessage()).doesNotContain(SECRET, LIVE_KEY));

        Files.writeString(file, "identities: [{app_secret: \"" + SECRET + "\", app_secret: \"" + SECRET);
        assertThatThrownBy(() -> IdentitiesFile.read(file))
                .hasMessageContaining("are no YAML")
                .hasNoCause();
        assertThatThrownBy(() -> IdentitiesFile.read(folder.resolve("none.yaml")))
                .hasMessageContaining("there are no identities");
        assertThatThrownBy(() -> Customers.unrestricted()
                        .withIdentities(List.of(
                                IdentitiesFile.read(identities()).getFirst(),
                                IdentitiesFile.read(identities()).getFirst())))
                .hasMessageContaining("listed twice");
    }

    @Test
    void a_process_runs_both_faces_and_reset_empties_them() throws Exception {
        int before = ordersOfAProcess("--both");
        assertThat(before).isZero();
        assertThat(ordersOfAProcess("--both")).as("stored from run to run").isEqualTo(1);
        assertThat(ordersOfAProcess("--both", "--reset")).isZero();
    }

    /** Starts the program, counts the account's orders, and places one more. */
    private int ordersOfAProcess(String... args) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                ProcessHandle.current().info().command().orElseThrow(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                "kr.kisgateway.simulator.SimulatorMain",
                "--data-dir",
                folder.resolve("process").toString()));
        command.addAll(List.of(args));
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try (var out = process.inputReader()) {
            var line = RawClient.json(out.readLine());
            assertThat(line.path("paper_port").asInt())
                    .isPositive()
                    .isNotEqualTo(line.path("simulator_port").asInt());
            assertThat(line.path("ws_port").asInt())
                    .isEqualTo(line.path("simulator_port").asInt());
            RawClient client = new RawClient(line.path("simulator_port").asInt(), LIVE_KEY).login();
            int rows = RawClient.json(client.daily("50000001").body())
                    .path("output1")
                    .size();
            client.order("50000001", "TTTC0012U", "005930", "00", "1", "150000");
            process.destroy();
            assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
            return rows;
        } finally {
            process.destroyForcibly();
        }
    }

    @Test
    void reset_refuses_a_file_that_another_simulator_uses() {
        Path file = folder.resolve("used.db");
        try (KisSimulator running = KisSimulator.start(SimulatorConfig.defaults(file))) {
            new RawClient(running, LIVE_KEY).login().order("50000001", "TTTC0012U", "005930", "00", "1", "150000");

            assertThatThrownBy(() -> SimulatorCommand.reset(file)).hasMessageContaining("is in use");
            assertThat(file).exists();
        }
        SimulatorCommand.reset(file);
        assertThat(file).doesNotExist();
        SimulatorCommand.reset(file);
    }

    @Test
    void incompatible_options_fail_with_one_sentence() {
        assertThatThrownBy(() -> SimulatorCommands.config(folder, "--both", "--paper"))
                .hasMessageContaining("exclude each other");
        assertThatThrownBy(() -> SimulatorCommands.config(folder, "--paper-port", "1"))
                .hasMessageContaining("--paper-port needs --both");
    }
}

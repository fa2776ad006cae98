package kr.kisgateway.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import kr.kisgateway.market.OpenCalendar;
import kr.kisgateway.simulator.KisSimulator;
import kr.kisgateway.simulator.SimulatorConfig;
import kr.kisgateway.wire.Catalog;
import kr.kisgateway.wire.NoticeKey;
import kr.kisgateway.wire.RealtimeTr;
import kr.kisgateway.wire.RestCall;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/**
 * Nothing of the real account leaves the KIS-compatible port. Account number, login id and name are also planted in the texts of
 * all answers of the ledger.
 */
@Tag("slow")
class FaceSecretsTest {
    private static final String SYMBOL = "005930";
    private static final String CANO = "87654321";
    private static final String HTS_ID = "owner77";
    /** As the simulator names the owner. */
    private static final String NAME = "모의계좌";

    private static final String APP_KEY = "PRIVATEAPPKEYPRIVATEAPPKEYPRIVATE123";
    private static final String APP_SECRET = "privateappsecret".repeat(11) + "1234";
    private static final String PLANTED = " " + CANO + "-01," + HTS_ID + " ";
    private static final Pattern TEXT = Pattern.compile("(\"msg1\":\"[^\"]*?) {" + PLANTED.length() + "}");
    private static final Pattern PRICE = Pattern.compile("(\"ORD_UNPR\":\"[0-9]+)0\"");
    private static final String STATUS = "H0STMKO0";
    private static final int BATCH = 27;

    @TempDir
    private Path folder;

    private final HttpClient http = HttpClient.newHttpClient();
    private final List<FaceSocket> sockets = new ArrayList<>();
    /** Whether the price of the next order is changed on its way to KIS. */
    private final AtomicBoolean spoilNext = new AtomicBoolean();

    private KisSimulator simulator;
    private BrokerTap tap;
    private GatewayFixture gateway;

    @BeforeEach
    void start() {
        simulator = KisSimulator.start(SimulatorConfig.defaults(folder.resolve("kis.db"))
                .withTime(new OpenCalendar(), InstantSource.system())
                .withRates(5_000, 5_000)
                .withSynchronous("OFF"));
        tap = new BrokerTap(simulator.restBase(), this::spoil, FaceSecretsTest::plant);
        var environment = new HashMap<>(Map.of(
                "KIS_ENV",
                "sim",
                "SIMULATOR_URL",
                tap.address().toString(),
                "SIMULATOR_RATE_LIMIT",
                "5000",
                "SIMULATOR_CLOCK",
                "open",
                "KIS_APP_KEY",
                APP_KEY,
                "KIS_APP_SECRET",
                APP_SECRET,
                "KIS_ACCOUNT_NO",
                CANO + "-01",
                "KIS_HTS_ID",
                HTS_ID,
                "KIS_FACE",
                "true",
                "KIS_FACE_PORT",
                "0"));
        environment.putAll(Map.of("KIS_WS_SYMBOLS", "", "KIS_WS_MARKET_STATUS", "false"));
        gateway = GatewayFixture.startInTime(
                folder, simulator.restBase(), new AtomicReference<>(Duration.ZERO), environment);
        gateway.awaitReady();
    }

    @AfterEach
    void stop() {
        sockets.forEach(FaceSocket::close);
        gateway.close();
        tap.close();
        simulator.close();
        http.close();
    }

    private static String plant(String answer) {
        return TEXT.matcher(answer).replaceAll("$1" + Matcher.quoteReplacement(PLANTED));
    }

    /** A price that KIS refuses and that the gateway would not have sent. */
    private String spoil(String request) {
        var price = PRICE.matcher(request);
        return price.find() && spoilNext.getAndSet(false) ? price.replaceFirst("$11\"") : request;
    }

    private FaceClient client(String name, String... options) {
        var face = URI.create("http://127.0.0.1:" + gateway.gateway().facePort().orElseThrow());
        var all = new ArrayList<>(List.of("--role", "trade"));
        all.addAll(List.of(options));
        var client = FaceClient.withNewKey(http, folder, face, name, all.toArray(String[]::new));
        Await.until("the gateway knows the key", () -> client.login().statusCode() == 200);
        return client;
    }

    private FaceSocket open(FaceClient client) {
        var socket = FaceSocket.open(http, client, "/tryitout");
        sockets.add(socket);
        return socket;
    }

    private void assertNothingReal(String what, String sent) {
        var real = new ArrayList<>(List.of(CANO, HTS_ID, NAME, APP_KEY, APP_SECRET));
        real.addAll(tap.secrets());
        for (String secret : real) {
            assertThat(sent).as(what).doesNotContain(secret);
        }
    }

    private HttpResponse<String> checked(String what, HttpResponse<String> answer) {
        assertNothingReal(what, answer.body());
        assertNothingReal(what, answer.headers().map().toString());
        return answer;
    }

    private JsonNode accepted(String what, HttpResponse<String> answer) {
        assertThat(FaceClient.code(checked(what, answer)))
                .as(what + answer.body())
                .isEqualTo("APBK0013");
        return FaceClient.tree(answer);
    }

    private void refused(String what, HttpResponse<String> answer) {
        assertThat(FaceClient.tree(checked(what, answer)).path("rt_cd").asString())
                .as(what + answer.body())
                .isNotEqualTo("0");
    }

    @Test
    void answers_of_all_calls_carry_nothing_real() {
        var client = client("calls", "--sees", "account");
        checked("tokenP", client.login());
        for (RestCall call : Catalog.load().restCalls()) {
            for (String trId : call.trIds().stream()
                    .flatMap(id -> id.live().stream())
                    .limit(1)
                    .toList()) {
                Map<String, String> fields = new LinkedHashMap<>();
                call.params().forEach(param -> fields.put(param.name(), param.initial()));
                fields.replaceAll((name, value) -> value.equals("{htsid}") ? client.htsId : value);
                if (fields.containsKey("CANO")) {
                    fields.putAll(client.account());
                }
                checked(
                        call.id(),
                        call.method().equals("GET")
                                ? client.get(call.path(), client.headers(trId), fields)
                                : client.post(call.path(), client.headers(trId), fields));
            }
        }
        assertThat(tap.secrets()).as("a token and an approval key").hasSizeGreaterThanOrEqualTo(2);
        assertThat(tap.hasChanged()).isTrue();
    }

    @Test
    void answers_to_orders_and_their_notices_carry_nothing_real() {
        var trader = client("trader");
        var desk = client("desk", "--sees", "account", "--layout", "classic");
        var notices = new LinkedHashMap<FaceSocket, NoticeKey>();
        for (var client : List.of(trader, desk)) {
            var socket = open(client);
            var output = socket.ask("1", "H0STCNI0", client.htsId).path("body").path("output");
            // One key and iv for all notices of a connection.
            assertThat(socket.ask("1", "H0GSCNI0", client.htsId).path("body").path("output"))
                    .isEqualTo(output);
            notices.put(
                    socket,
                    new NoticeKey(
                            output.path("key").asString(), output.path("iv").asString()));
        }
        var price = FaceClient.tree(trader.price(SYMBOL)).path("output");
        long lower = price.path("stck_llam").asLong(0);
        long tick = price.path("aspr_unit").asLong(0);

        var placed = accepted("accepted", trader.order("TTTC0012U", SYMBOL, "00", 4, lower));
        var moved = accepted("modified", trader.revise(placed, "01", true, 0, lower + tick));
        accepted("cancelled in part", trader.revise(moved, "02", false, 1, 0));
        accepted("cancelled", trader.revise(moved, "02", true, 0, 0));
        accepted("filled", trader.order("TTTC0012U", SYMBOL, "01", 2, 0));
        refused("cancelled again", trader.revise(moved, "02", true, 0, 0));
        var us = trader.account();
        us.putAll(Map.of("OVRS_EXCG_CD", "NASD", "PDNO", "AAPL", "ORD_DVSN", "00", "ORD_QTY", "1"));
        us.putAll(Map.of("OVRS_ORD_UNPR", "150.25", "SLL_TYPE", "", "ORD_SVR_DVSN_CD", "0"));
        accepted("a US order", trader.post("/uapi/overseas-stock/v1/trading/order", trader.headers("TTTT1002U"), us));
        refused("refused by the gateway", trader.order("TTTC0012U", SYMBOL, "00", 1, lower + 1));
        refused("refused for its symbol", trader.order("TTTC0012U", "999999", "00", 1, lower));
        spoilNext.set(true);
        var byKis = trader.order("TTTC0012U", SYMBOL, "00", 3, lower);
        refused("refused by KIS", byKis);
        assertThat(FaceClient.code(byKis)).isEqualTo("APBK0506");
        assertThat(spoilNext).isFalse();
        gateway.fault("{\"lose_answers\":1}");
        refused("in doubt", trader.order("TTTC0012U", SYMBOL, "00", 5, lower));
        refused(
                "another account",
                trader.post(
                        "/uapi/domestic-stock/v1/trading/order-cash",
                        trader.headers("TTTC0012U"),
                        Map.of(
                                "CANO",
                                CANO,
                                "ACNT_PRDT_CD",
                                "01",
                                "PDNO",
                                SYMBOL,
                                "ORD_DVSN",
                                "01",
                                "ORD_QTY",
                                "1",
                                "ORD_UNPR",
                                "0")));
        String today = DateTimeFormatter.BASIC_ISO_DATE.format(LocalDate.now(ZoneId.of("Asia/Seoul")));
        for (var client : List.of(trader, desk)) {
            var orders = checked("orders", client.orders(today));
            assertThat(FaceClient.tree(orders).path("output1"))
                    .as(orders.body())
                    .isNotEmpty();
            var balance = checked("balance", client.balance());
            assertThat(FaceClient.tree(balance).path("output1"))
                    .as(balance.body())
                    .isNotEmpty();
        }
        checked("hashkey", trader.post("/uapi/hashkey", trader.headers(""), trader.account()));

        for (var each : notices.entrySet()) {
            Await.until(
                    "receipts, changes and fills, and a receipt of the US order",
                    () -> each.getKey().data.size() >= 7
                            && each.getKey().data.stream().anyMatch(frame -> frame.startsWith("1|H0GSCNI0|")));
            var texts = each.getKey().data.stream()
                    .map(frame -> each.getValue().decrypt(frame.substring(15)).orElseThrow())
                    .toList();
            texts.forEach(text -> assertNothingReal("a notice", text));
            assertThat(String.join(" ", texts)).contains(SYMBOL);
            each.getKey().control.forEach(message -> assertNothingReal("control", message.toString()));
            each.getKey().data.forEach(frame -> assertNothingReal("a frame", frame));
        }
        for (String path :
                List.of("/v1/face/clients", "/v1/face/clients/trader", "/v1/face/clients/desk", "/v1/keys")) {
            var answer = checked(path, gateway.operate("GET", path, ""));
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.body()).contains(path.endsWith("desk") ? "desk" : "trader");
        }
        assertThat(tap.hasChanged()).isTrue();
    }

    @Test
    void frames_and_control_messages_of_all_realtime_trs_carry_nothing_real() {
        var trs = Catalog.load().realtimeTrs();
        var feeds = trs.stream().filter(tr -> !tr.isNotice()).toList();
        receive(feeds.subList(0, BATCH), client("first"));
        receive(feeds.subList(BATCH, feeds.size()), client("second"));
        var socket = open(client("third"));
        var own = client("fourth");
        for (var tr : trs.stream().filter(RealtimeTr::isNotice).toList()) {
            for (String key : List.of(HTS_ID, own.htsId)) {
                var refusing = open(own);
                refusing.ask("1", tr.trId(), key);
                refusing.control.forEach(message ->
                        // What the program itself sent comes back to it.
                        assertNothingReal(tr.trId(), message.toString().replace("\"tr_key\":\"" + key + "\"", "")));
                refusing.close();
                Await.until("its session is free", () -> !isConnected("fourth"));
            }
        }
        socket.send("not json");
        socket.request("not-a-key", "1", "H0STCNT0", SYMBOL);
        Await.until("refused", () -> socket.control.size() >= 2);
        socket.control.forEach(message -> assertNothingReal("control", message.toString()));
    }

    private boolean isConnected(String name) {
        return !gateway.tree(gateway.operate("GET", "/v1/face/clients/" + name, ""))
                .path("client")
                .path("socket")
                .isNull();
    }

    private void receive(List<RealtimeTr> trs, FaceClient client) {
        var socket = open(client);
        for (var tr : trs) {
            assertThat(FaceSocket.code(
                            socket.ask("1", tr.trId(), tr.keyExample().orElseThrow())))
                    .as(tr.trId())
                    .isEqualTo("OPSP0000");
        }
        Await.until(
                "frames of all but the status",
                () -> trs.stream()
                        .filter(tr -> !tr.trId().equals(STATUS))
                        .noneMatch(tr -> socket.records(tr.trId()).isEmpty()));
        if (trs.stream().anyMatch(tr -> tr.trId().equals(STATUS))) {
            gateway.setMarket("{\"interrupt\":\"417450\"}");
            Await.until("a status", () -> !socket.records(STATUS).isEmpty());
        }
        for (var tr : trs) {
            socket.ask("2", tr.trId(), tr.keyExample().orElseThrow());
        }
        socket.data.forEach(frame -> assertNothingReal("a frame", frame));
        socket.control.forEach(message -> assertNothingReal("control", message.toString()));
        assertThat(socket.control).hasSizeGreaterThanOrEqualTo(2 * trs.size());
        socket.close();
    }
}

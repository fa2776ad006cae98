package kr.kisgateway.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import kr.kisgateway.market.Instruments;
import kr.kisgateway.wire.NoticeKey;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The WebSocket of the KIS-compatible face, beside one of the broker itself. */
@Tag("slow")
class FaceStreamTest {
    private static final String TRADES = "H0STCNT0";
    private static final String BOOKS = "H0STASP0";
    private static final String SYMBOL = "005930";
    private static final int RECORDS = 6;

    @TempDir
    private Path folder;

    private final HttpClient http = HttpClient.newHttpClient();
    private final List<FaceSocket> sockets = new ArrayList<>();
    private GatewayFixture gateway;

    @BeforeEach
    void start() {
        gateway = GatewayFixture.start(folder, Map.of("SIMULATOR_RATE_LIMIT", "1000", "SIMULATOR_CLOCK", "open-fixed"));
        gateway.awaitReady();
    }

    @AfterEach
    void stop() {
        sockets.forEach(FaceSocket::close);
        gateway.close();
        http.close();
    }

    private URI face() {
        return URI.create("http://127.0.0.1:" + gateway.gateway().facePort().orElseThrow());
    }

    private FaceClient client(String name, String... options) {
        var all = new ArrayList<>(List.of("--role", "trade"));
        all.addAll(List.of(options));
        var client = FaceClient.withNewKey(http, folder, face(), name, all.toArray(String[]::new));
        Await.until("the gateway knows the key", () -> client.login().statusCode() == 200);
        return client;
    }

    private FaceSocket open(FaceClient client, String path) {
        var socket = FaceSocket.open(http, client, path);
        sockets.add(socket);
        return socket;
    }

    @Test
    void frames_are_those_of_the_broker_and_one_registration_serves_all_clients() {
        var first = open(client("one"), "/tryitout");
        var second = open(client("two"), "/");
        for (var socket : List.of(first, second)) {
            var answer = socket.ask("1", TRADES, SYMBOL);
            assertThat(FaceSocket.code(answer)).isEqualTo("OPSP0000");
            assertThat(answer.path("header").path("tr_id").asString()).isEqualTo(TRADES);
            assertThat(answer.path("header").path("tr_key").asString()).isEqualTo(SYMBOL);
            assertThat(answer.path("header").path("encrypt").asString()).isEqualTo("N");
            assertThat(answer.path("body").path("output").path("key").asString())
                    .hasSize(32);
            assertThat(answer.path("body").path("output").path("iv").asString()).hasSize(16);
            assertThat(FaceSocket.code(socket.ask("1", BOOKS, SYMBOL))).isEqualTo("OPSP0000");
        }
        var direct = open(direct(), "/tryitout");
        assertThat(FaceSocket.code(direct.ask("1", TRADES, SYMBOL))).isEqualTo("OPSP0000");
        assertThat(FaceSocket.code(direct.ask("1", BOOKS, SYMBOL))).isEqualTo("OPSP0000");
        for (String trId : List.of(TRADES, BOOKS)) {
            Await.until("some records", () -> direct.records(trId).size() > RECORDS);
            var expected = direct.records(trId).subList(0, RECORDS);
            for (var socket : List.of(first, second)) {
                Await.until("the last of them", () -> socket.records(trId).contains(expected.getLast()));
                // The first book may come twice: the broker sends it to each new receiver.
                var received = socket.records(trId);
                int from = received.lastIndexOf(expected.getFirst());
                assertThat(from).as(trId).isNotNegative();
                assertThat(received.subList(from, from + RECORDS)).isEqualTo(expected);
            }
        }
        var registrations = gateway.brokerState().path("sessions").toString();
        assertThat(registrations.split(TRADES + "[^0-9A-Z]+" + SYMBOL, -1).length - 1)
                .as("the gateway's one and the direct one in " + registrations)
                .isLessThanOrEqualTo(2);
    }

    /** A program that talks to the broker itself, with an app key of its own. */
    private FaceClient direct() {
        return new FaceClient(
                http,
                URI.create(
                        "http://127.0.0.1:" + gateway.gateway().simulatorPort().orElseThrow()),
                "DIRECTAPPKEYDIRECTAPPKEYDIRECTAPPKEY",
                "directappsecret".repeat(12),
                "70000009",
                "01",
                "direct");
    }

    @Test
    void registrations_are_answered_with_the_codes_of_kis() {
        var client = client("one");
        var socket = open(client, "/tryitout/" + TRADES);
        socket.request("2f6f5f2a-0000-0000-0000-000000000000", "1", TRADES, SYMBOL);
        Await.until("refused", () -> socket.control.size() == 1);
        assertThat(FaceSocket.code(socket.control.getFirst())).isEqualTo("OPSP0011");
        assertThat(FaceSocket.code(socket.ask("1", TRADES, "0059"))).isEqualTo("OPSP8992");
        assertThat(FaceSocket.code(socket.ask("1", "H0XXXXX0", SYMBOL))).isEqualTo("OPSP8991");
        assertThat(FaceSocket.code(socket.ask("0", TRADES, SYMBOL))).isEqualTo("OPSP8997");
        assertThat(FaceSocket.code(socket.ask("2", TRADES, SYMBOL))).isEqualTo("OPSP0003");
        assertThat(FaceSocket.code(socket.ask("1", TRADES, SYMBOL))).isEqualTo("OPSP0000");
        assertThat(FaceSocket.code(socket.ask("1", TRADES, SYMBOL))).isEqualTo("OPSP0002");
        var released = socket.ask("2", TRADES, SYMBOL);
        assertThat(FaceSocket.code(released)).isEqualTo("OPSP0001");
        assertThat(released.path("body").path("msg1").asString()).startsWith("UNSUB");
        int before = socket.control.size();
        socket.send("not json");
        Await.until("refused", () -> socket.control.size() > before);
        assertThat(FaceSocket.code(socket.control.get(before))).isEqualTo("OPSP9999");
        assertThat(socket.control.get(before).path("header").path("tr_id").asString())
                .isEqualTo("(null)");

        var symbols = symbols(42);
        for (int i = 0; i < 41; i++) {
            assertThat(FaceSocket.code(socket.ask("1", TRADES, symbols.get(i))))
                    .as(symbols.get(i))
                    .isEqualTo("OPSP0000");
        }
        assertThat(FaceSocket.code(socket.ask("1", TRADES, symbols.get(41)))).isEqualTo("OPSP0008");

        var stolen = open(client, "/tryitout");
        assertThat(FaceSocket.code(stolen.ask("1", TRADES, SYMBOL))).isEqualTo("OPSP8996");
        assertThat(stolen.closed.completeOnTimeout(0, 60, TimeUnit.SECONDS).join())
                .isEqualTo(1000);
        assertThat(FaceSocket.code(socket.ask("1", TRADES, symbols.get(0))))
                .as("the first session stays")
                .isEqualTo("OPSP0002");
    }

    @Test
    void a_key_for_prices_is_refused_the_notices_and_keeps_its_session() {
        var reader = FaceClient.withNewKey(http, folder, face(), "prices", "--role", "quote");
        Await.until("the gateway knows the key", () -> reader.login().statusCode() == 200);
        var socket = open(reader, "/tryitout");
        assertThat(FaceSocket.code(socket.ask("1", TRADES, SYMBOL))).isEqualTo("OPSP0000");

        var refused = socket.ask("1", "H0STCNI0", reader.htsId);

        assertThat(FaceSocket.code(refused)).isEqualTo("OPSP8991");
        assertThat(refused.path("body").path("msg1").asString()).endsWith("[FORBIDDEN]");
        // Longer than a refused session lives.
        gateway.jump(Duration.ofSeconds(10));
        Await.until("its frames go on", () -> !socket.records(TRADES).isEmpty());
        assertThat(FaceSocket.code(socket.ask("2", TRADES, SYMBOL))).isEqualTo("OPSP0001");
        assertThat(socket.closed).isNotDone();
    }

    static List<String> symbols(int count) {
        return Instruments.load().all().stream()
                .sorted(java.util.Comparator.comparingLong(kr.kisgateway.market.Instrument::turnover)
                        .reversed())
                .limit(count)
                .map(instrument -> instrument.symbol().code())
                .toList();
    }

    @Test
    void what_has_no_slot_at_kis_is_polled_and_printed_as_frames() {
        var wanted = symbols(82);
        var first = open(client("one"), "/tryitout");
        var second = open(client("two"), "/tryitout");
        for (int i = 0; i < 41; i++) {
            first.request("1", TRADES, wanted.get(i));
            second.request("1", TRADES, wanted.get(41 + i));
        }
        for (var each : Map.of(first, wanted.subList(0, 41), second, wanted.subList(41, 82))
                .entrySet()) {
            Await.until(
                    "a frame of each symbol",
                    () -> each.getKey().records(TRADES).stream()
                                    .map(record -> record.substring(0, 6))
                                    .distinct()
                                    .count()
                            == 41);
            assertThat(each.getKey().records(TRADES))
                    .allMatch(record -> each.getValue().contains(record.substring(0, 6)))
                    .allMatch(record -> record.split("\\^", -1).length == 47);
        }
    }

    @Test
    void a_classic_key_gets_the_old_widths_one_record_a_frame() {
        var old = client("old", "--layout", "classic");
        var socket = open(old, "/tryitout");
        gateway.fault("{\"merge_records\":true}");
        socket.ask("1", TRADES, SYMBOL);
        socket.ask("1", BOOKS, SYMBOL);
        Await.until(
                "ticks and a book",
                () -> socket.records(TRADES).size() > 3
                        && !socket.records(BOOKS).isEmpty());
        assertThat(socket.data).allMatch(frame -> frame.split("\\|", 4)[2].equals("001"));
        assertThat(socket.records(TRADES)).allMatch(record -> record.split("\\^", -1).length == 46);
        assertThat(socket.records(BOOKS)).allMatch(record -> record.split("\\^", -1).length == 59);

        var output = socket.ask("1", "H0STCNI0", old.htsId).path("body").path("output");
        var key = new NoticeKey(output.path("key").asString(), output.path("iv").asString());
        old.order("TTTC0012U", SYMBOL, "01", 1, 0);
        Await.until("a notice", () -> socket.data.stream().anyMatch(frame -> frame.startsWith("1|")));
        var notice = socket.data.stream()
                .filter(frame -> frame.startsWith("1|"))
                .findFirst()
                .orElseThrow();
        assertThat(key.decrypt(notice.substring(15)).orElseThrow().split("\\^", -1))
                .hasSize(23);
    }

    @Test
    void records_of_a_frame_are_chosen_apart_from_their_width() {
        gateway.fault("{\"merge_records\":true}");
        var old = open(client("old", "--layout", "classic", "--records", "batched"), "/tryitout");
        var recent = open(client("recent", "--records", "single"), "/tryitout");
        for (var socket : List.of(old, recent)) {
            socket.ask("1", TRADES, SYMBOL);
        }
        Await.until(
                "a frame of several records",
                () -> old.data.stream().anyMatch(frame -> !frame.split("\\|", 4)[2].equals("001")));
        assertThat(old.records(TRADES)).allMatch(record -> record.split("\\^", -1).length == 46);
        var first = old.data.stream()
                .filter(frame -> !frame.split("\\|", 4)[2].equals("001"))
                .findFirst()
                .orElseThrow();
        int count = Integer.parseInt(first.split("\\|", 4)[2]);
        Await.until(
                "the same records one by one",
                () -> recent.records(TRADES).size() >= old.records(TRADES).indexOf(lastOf(first)) + count);
        assertThat(recent.data).allMatch(frame -> frame.split("\\|", 4)[2].equals("001"));
        assertThat(recent.records(TRADES)).allMatch(record -> record.split("\\^", -1).length == 47);
        assertThat(recent.records(TRADES)).anyMatch(record -> record.startsWith(lastOf(first)));
    }

    /** The last record of a frame of the classic width. */
    private static String lastOf(String frame) {
        var columns = frame.split("\\|", 4)[3].split("\\^", -1);
        return String.join("^", List.of(columns).subList(columns.length - 46, columns.length));
    }

    @Test
    void a_key_for_the_samples_gets_the_columns_that_they_name() {
        var samples = client("samples", "--layout", "samples");
        var socket = open(samples, "/tryitout");
        gateway.fault("{\"merge_records\":true}");
        socket.ask("1", TRADES, SYMBOL);
        socket.ask("1", BOOKS, SYMBOL);
        var output = socket.ask("1", "H0STCNI0", samples.htsId).path("body").path("output");
        var key = new NoticeKey(output.path("key").asString(), output.path("iv").asString());
        samples.order("TTTC0012U", SYMBOL, "01", 1, 0);
        Await.until(
                "ticks, a book and a notice",
                () -> socket.records(TRADES).size() > 3
                        && !socket.records(BOOKS).isEmpty()
                        && socket.data.stream().anyMatch(frame -> frame.startsWith("1|")));
        assertThat(socket.data).allMatch(frame -> frame.split("\\|", 4)[2].equals("001"));
        assertThat(socket.records(TRADES)).allMatch(record -> record.split("\\^", -1).length == 46);
        assertThat(socket.records(BOOKS)).allMatch(record -> record.split("\\^", -1).length == 59);
        var notice = socket.data.stream()
                .filter(frame -> frame.startsWith("1|"))
                .findFirst()
                .orElseThrow();
        assertThat(key.decrypt(notice.substring(15)).orElseThrow().split("\\^", -1))
                .hasSize(26);
    }

    @Test
    void notices_reach_the_key_of_the_order_encrypted_and_with_its_own_account() {
        var trader = client("trader");
        var other = client("other");
        var own = open(trader, "/tryitout");
        var foreign = open(other, "/tryitout");
        var answer = own.ask("1", "H0STCNI0", trader.htsId);
        assertThat(FaceSocket.code(answer)).isEqualTo("OPSP0000");
        assertThat(answer.path("header").path("encrypt").asString()).isEqualTo("Y");
        assertThat(FaceSocket.code(foreign.ask("1", "H0STCNI0", other.htsId))).isEqualTo("OPSP0000");

        var placed = FaceClient.tree(trader.order("TTTC0012U", SYMBOL, "01", 2, 0));
        String odno = placed.path("output").path("ODNO").asString();
        Await.until("receipt and fill", () -> own.data.size() >= 2);
        var output = answer.path("body").path("output");
        var key = new NoticeKey(output.path("key").asString(), output.path("iv").asString());
        var notices = own.data.stream()
                .map(frame -> {
                    assertThat(frame).startsWith("1|H0STCNI0|001|");
                    return key.decrypt(frame.substring(15)).orElseThrow().split("\\^", -1);
                })
                .toList();
        assertThat(notices).allSatisfy(columns -> {
            assertThat(columns).hasSize(26);
            assertThat(columns[0]).isEqualTo(trader.htsId);
            assertThat(columns[1]).isEqualTo(trader.cano + trader.productCode);
            assertThat(columns[2]).isEqualTo(odno);
            assertThat(columns[8]).isEqualTo(SYMBOL);
            assertThat(columns[17]).as("the owner's name").isEmpty();
        });
        assertThat(notices.getFirst()[13]).as("CNTG_YN of the receipt").isEqualTo("1");
        assertThat(notices.stream()
                        .filter(columns -> columns[13].equals("2"))
                        .mapToLong(columns -> Long.parseLong(columns[9])))
                .as("filled shares")
                .isNotEmpty();
        Await.until("all shares are reported once", () -> filled(own, key) == 2);
        assertThat(foreign.data).isEmpty();

        var wrong = open(client("third"), "/tryitout");
        assertThat(FaceSocket.code(wrong.ask("1", "H0STCNI0", trader.htsId))).isEqualTo("OPSP0017");
        assertThat(wrong.closed.completeOnTimeout(0, 60, TimeUnit.SECONDS).join())
                .isEqualTo(1000);
    }

    @Test
    void notices_of_other_divisions_and_venues_say_so_and_report_a_rest_that_was_cancelled() {
        var trader = client("trader");
        var socket = open(trader, "/tryitout");
        var output = socket.ask("1", "H0STCNI0", trader.htsId).path("body").path("output");
        var key = new NoticeKey(output.path("key").asString(), output.path("iv").asString());
        long lower = FaceClient.tree(trader.price(SYMBOL))
                .path("output")
                .path("stck_llam")
                .asLong();
        for (var extra : List.of(
                Map.of("ORD_DVSN", "11", "EXCG_ID_DVSN_CD", "NXT", "ORD_UNPR", Long.toString(lower)),
                Map.of("ORD_DVSN", "22", "CNDT_PRIC", Long.toString(lower), "ORD_UNPR", Long.toString(lower)))) {
            var body = trader.account();
            body.putAll(Map.of("PDNO", SYMBOL, "ORD_QTY", "3"));
            body.putAll(extra);
            var answer = trader.post("/uapi/domestic-stock/v1/trading/order-cash", trader.headers("TTTC0012U"), body);
            assertThat(FaceClient.code(answer)).as(answer.body()).isEqualTo("APBK0013");
        }
        Await.until(
                "both receipts and the cancelled rest",
                () -> notices(socket, key).size() >= 3);
        var ioc = notices(socket, key).stream().filter(it -> it[6].equals("11")).toList();
        assertThat(ioc).hasSize(2);
        assertThat(List.of(ioc.getFirst()[7], ioc.getFirst()[13], ioc.getFirst()[14], ioc.getFirst()[19]))
                .as("ODER_COND, CNTG_YN, ACPT_YN, ORD_EXG_GB of the receipt")
                .containsExactly("1", "1", "1", "2");
        assertThat(List.of(ioc.getLast()[9], ioc.getLast()[13], ioc.getLast()[14]))
                .as("quantity, CNTG_YN, ACPT_YN of the rest")
                .containsExactly("0000000003", "1", "3");
        var stop =
                notices(socket, key).stream().filter(it -> it[6].equals("22")).toList();
        assertThat(Long.parseLong(stop.getFirst()[18])).as("ORD_COND_PRC").isEqualTo(lower);
    }

    private static List<String[]> notices(FaceSocket socket, NoticeKey key) {
        return socket.data.stream()
                .map(frame -> key.decrypt(frame.substring(15)).orElseThrow().split("\\^", -1))
                .toList();
    }

    private static long filled(FaceSocket socket, NoticeKey key) {
        return notices(socket, key).stream()
                .filter(columns -> columns[13].equals("2"))
                .mapToLong(columns -> Long.parseLong(columns[9]))
                .sum();
    }

    @Test
    void a_session_lives_while_keep_alives_are_answered_and_its_key_is_valid() {
        var socket = open(client("one"), "/tryitout");
        socket.ask("1", BOOKS, SYMBOL);
        for (boolean echo : List.of(true, false)) {
            gateway.jump(Duration.ofSeconds(101));
            Await.until("a keep-alive", () -> pings(socket) == (echo ? 1 : 2));
            var ping = socket.control.getLast().toString();
            assertThat(ping).contains("\"datetime\":\"20");
            if (echo) {
                socket.send(ping);
            } else {
                socket.pong(ping);
            }
            Await.until(
                    "it lives on",
                    () -> FaceSocket.code(socket.ask("1", BOOKS, SYMBOL)).equals("OPSP0002"));
        }
        gateway.jump(Duration.ofSeconds(101));
        Await.until("a keep-alive", () -> pings(socket) == 3);
        gateway.jump(Duration.ofSeconds(101));
        assertThat(socket.closed.completeOnTimeout(0, 60, TimeUnit.SECONDS).join())
                .isEqualTo(1000);

        var rotated = client("rotated");
        var rotating = open(rotated, "/tryitout");
        rotating.ask("1", BOOKS, SYMBOL);
        KeyCommands.printed(folder, List.of("rotate", "rotated", "--grace", "0s"));
        assertThat(rotating.closed.completeOnTimeout(0, 60, TimeUnit.SECONDS).join())
                .isEqualTo(1000);
        var late = FaceSocket.open(http, rotated, "/tryitout", rotating.approval());
        sockets.add(late);
        assertThat(FaceSocket.code(late.ask("1", BOOKS, SYMBOL)))
                .as("an approval key ends with its secret")
                .isEqualTo("OPSP0011");

        var second = open(client("two"), "/tryitout");
        second.ask("1", BOOKS, SYMBOL);
        KeyCommands.printed(folder, List.of("revoke", "two"));
        assertThat(second.closed.completeOnTimeout(0, 60, TimeUnit.SECONDS).join())
                .isEqualTo(1000);
    }

    private static long pings(FaceSocket socket) {
        return socket.control.stream()
                .filter(message ->
                        message.path("header").path("tr_id").asString("").equals("PINGPONG"))
                .count();
    }
}

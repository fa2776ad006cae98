package kr.kisgateway.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import kr.kisgateway.wire.Catalog;
import kr.kisgateway.wire.RealtimeTr;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;

/** The realtime TRs of the catalog through the KIS-compatible face, beside a session at the broker itself. */
@Tag("slow")
class FaceFeedsTest {
    private static final String STATUS = "H0STMKO0";
    /** The gateway's one session has 41 registrations, one of them of notices. */
    private static final int BATCH = 27;

    @TempDir
    private Path folder;

    private final HttpClient http = HttpClient.newHttpClient();
    private final List<FaceSocket> sockets = new ArrayList<>();
    private GatewayFixture gateway;

    @BeforeEach
    void start() {
        gateway = GatewayFixture.start(
                folder,
                Map.of(
                        "SIMULATOR_RATE_LIMIT",
                        "1000",
                        "SIMULATOR_CLOCK",
                        "open-fixed",
                        "KIS_WS_MARKET_STATUS",
                        "false"));
        gateway.awaitReady();
    }

    @AfterEach
    void stop() {
        sockets.forEach(FaceSocket::close);
        gateway.close();
        http.close();
    }

    private FaceClient client(String name, String... options) {
        var all = new ArrayList<>(List.of("--role", "trade"));
        all.addAll(List.of(options));
        var face = URI.create("http://127.0.0.1:" + gateway.gateway().facePort().orElseThrow());
        var client = FaceClient.withNewKey(http, folder, face, name, all.toArray(String[]::new));
        Await.until("the gateway knows the key", () -> client.login().statusCode() == 200);
        return client;
    }

    private FaceSocket open(FaceClient client) {
        var socket = FaceSocket.open(http, client, "/tryitout");
        sockets.add(socket);
        return socket;
    }

    /** A program that talks to the broker itself, with an app key of its own. */
    private FaceSocket direct(int number) {
        var broker = URI.create(
                "http://127.0.0.1:" + gateway.gateway().simulatorPort().orElseThrow());
        return open(new FaceClient(
                http,
                broker,
                "DIRECTAPPKEYDIRECTAPPKEYDIRECT%06d".formatted(number),
                "directappsecret".repeat(12),
                "70000009",
                "01",
                "direct"));
    }

    @Test
    void each_realtime_tr_but_notices_has_the_frames_of_the_broker() {
        var trs = Catalog.load().realtimeTrs().stream()
                .filter(tr -> !tr.isNotice())
                .toList();
        assertThat(trs).hasSize(53);
        compare(trs.subList(0, BATCH), 1);
        compare(trs.subList(BATCH, trs.size()), 2);
    }

    private void compare(List<RealtimeTr> trs, int number) {
        var face = open(client("program" + number));
        var direct = direct(number);
        for (var tr : trs) {
            for (var socket : List.of(face, direct)) {
                assertThat(FaceSocket.code(
                                socket.ask("1", tr.trId(), tr.keyExample().orElseThrow())))
                        .as(tr.trId())
                        .isEqualTo("OPSP0000");
            }
        }
        if (trs.stream().anyMatch(tr -> tr.trId().equals(STATUS))) {
            Await.until("KIS has confirmed all", () -> registered(face, trs));
            gateway.setMarket("{\"interrupt\":\"417450\"}");
        }
        for (var tr : trs) {
            Await.until(
                    "a frame of " + tr.trId() + " that both received",
                    () -> !common(face, direct, tr).isEmpty());
        }
        face.close();
        direct.close();
    }

    private static Set<String> common(FaceSocket face, FaceSocket direct, RealtimeTr tr) {
        var both = new HashSet<>(face.records(tr.trId()));
        both.retainAll(direct.records(tr.trId()));
        return both;
    }

    /** All but the status, which is pushed on events only. */
    private static boolean registered(FaceSocket face, List<RealtimeTr> trs) {
        return trs.stream()
                .filter(tr -> !tr.trId().equals(STATUS))
                .noneMatch(tr -> face.records(tr.trId()).isEmpty());
    }

    @Test
    void a_us_stock_without_a_slot_is_polled_and_a_further_feed_that_cannot_be_is_refused() {
        var first = open(client("first"));
        int slots = slots();
        for (int i = 0; i < slots; i++) {
            assertThat(FaceSocket.code(first.ask("1", "H0UPCNT0", "%04d".formatted(i))))
                    .as("registration %d", i)
                    .isEqualTo("OPSP0000");
        }
        var second = open(client("second"));
        assertThat(FaceSocket.code(second.ask("1", "H0UPCNT0", "0000")))
                .as("shared")
                .isEqualTo("OPSP0000");
        assertThat(FaceSocket.code(first.ask("1", "H0UPCNT0", "9999")))
                .as("beyond its share")
                .isEqualTo("OPSP0008");
        assertThat(FaceSocket.code(second.ask("1", "HDFSCNT0", "DNASAAPL"))).isEqualTo("OPSP0000");
        assertThat(FaceSocket.code(second.ask("1", "HDFSASP0", "DNASAAPL"))).isEqualTo("OPSP0000");
        for (var width : Map.of("HDFSCNT0", 26, "HDFSASP0", 17).entrySet()) {
            Await.until("a polled frame", () -> !second.records(width.getKey()).isEmpty());
            var columns = second.records(width.getKey()).getFirst().split("\\^", -1);
            assertThat(columns).hasSize(width.getValue()).startsWith("DNASAAPL", "AAPL", "4");
        }
        var columns = second.records("HDFSCNT0").getFirst().split("\\^", -1);
        assertThat(new BigDecimal(columns[11])).as("the last price").isPositive();
        assertThat(columns[19]).as("shares of the trade: a poll has none").isEqualTo("0");
        var demands =
                gateway.json("/v1/session/pool").path("demand").valueStream().toList();
        assertThat(demands)
                .filteredOn(demand -> demand.path("kind").asString().equals("raw"))
                .hasSize(slots)
                .allMatch(demand -> demand.path("feed").asString().equals("H0UPCNT0")
                        && demand.path("mode").asString().equals("push"));
        assertThat(demands)
                .filteredOn(demand -> demand.path("symbol").asString().equals("AAPL.NASD"))
                .extracting(demand -> demand.path("mode").asString())
                .containsExactly("poll", "poll");
    }

    @Test
    void a_feed_that_waits_for_a_slot_says_so_and_ends_when_its_only_client_does() {
        var stocks = open(client("stocks"));
        for (var symbol : FaceStreamTest.symbols(41)) {
            stocks.ask("1", "H0STCNT0", symbol);
        }
        var indices = open(client("indices"));
        assertThat(FaceSocket.code(indices.ask("1", "H0UPCNT0", "0001"))).isEqualTo("OPSP0000");
        var waiting = raw();
        assertThat(waiting.path("mode").asString()).isEqualTo("none");
        assertThat(waiting.path("why").asString()).contains("until it has a slot there are no frames");
        indices.close();
        Await.until("it is gone", () -> raw().isMissingNode());
    }

    private int slots() {
        return gateway.json("/v1/session/pool").path("slots").path("free").asInt();
    }

    private JsonNode raw() {
        return gateway.json("/v1/session/pool")
                .path("demand")
                .valueStream()
                .filter(demand -> demand.path("kind").asString().equals("raw"))
                .findFirst()
                .orElseGet(MissingNode::getInstance);
    }

    @Test
    void a_registration_that_the_gateway_has_already_is_shared() {
        var socket = open(client("one"));
        socket.ask("1", "H0UPCNT0", "0001");
        socket.ask("1", "H0UNCNT0", "005930");
        Await.until(
                "frames",
                () -> !socket.records("H0UPCNT0").isEmpty()
                        && !socket.records("H0UNCNT0").isEmpty());
        var second = open(client("two", "--layout", "classic"));
        second.ask("1", "H0UPCNT0", "0001");
        second.ask("1", "H0UNCNT0", "005930");
        Await.until(
                "frames",
                () -> !second.records("H0UPCNT0").isEmpty()
                        && !second.records("H0UNCNT0").isEmpty());
        assertThat(second.records("H0UNCNT0")).allMatch(record -> record.split("\\^", -1).length == 46);
        assertThat(socket.records("H0UNCNT0")).allMatch(record -> record.split("\\^", -1).length == 47);
        assertThat(gateway.brokerState().path("sessions").toString().split("H0UPCNT0", -1))
                .as("registered once")
                .hasSize(2);
        socket.close();
        int before = second.records("H0UPCNT0").size();
        Await.until("it goes on", () -> second.records("H0UPCNT0").size() > before + 1);
    }

    @Test
    void frames_that_do_not_name_their_stock_are_delivered_only_while_kis_has_one_registration_of_them() {
        var second = open(client("second"));
        second.ask("1", "H0UPCNT0", "0001");
        second.ask("1", "H0UNMKO0", "000660");
        Await.until("a frame", () -> !second.records("H0UNMKO0").isEmpty());
        var first = open(client("first"));
        first.ask("1", "H0UPCNT0", "0001");
        first.ask("1", "H0UNMKO0", "005930");
        Await.until(
                "KIS has confirmed both",
                () -> gateway.json("/v1/session/pool")
                                .path("demand")
                                .valueStream()
                                .filter(demand -> demand.path("feed")
                                                .asString("")
                                                .equals("H0UNMKO0")
                                        && demand.path("mode").asString().equals("push"))
                                .count()
                        == 2);
        awaitSeconds(second, 2);
        int before = second.records("H0UNMKO0").size();
        awaitSeconds(second, 3);
        assertThat(second.records("H0UNMKO0")).as("whose they are is not known").hasSize(before);
        first.ask("2", "H0UNMKO0", "005930");
        Await.until("frames again", () -> second.records("H0UNMKO0").size() > before);
        assertThat(first.records("H0UNMKO0")).isEmpty();
    }

    /** Waits for as many frames of an index, which has one each second. */
    private static void awaitSeconds(FaceSocket socket, int seconds) {
        int before = socket.records("H0UPCNT0").size();
        Await.until("seconds", () -> socket.records("H0UPCNT0").size() >= before + seconds);
    }

    @Test
    void a_key_that_changes_its_registrations_all_the_time_is_slowed_down_alone() {
        var greedy = open(client("greedy"));
        var codes = new ArrayList<String>();
        for (int i = 0; i < 150 && !codes.contains("OPSP0007"); i++) {
            codes.add(FaceSocket.code(greedy.ask("1", "H0UPCNT0", "%04d".formatted(i))));
            greedy.ask("2", "H0UPCNT0", "%04d".formatted(i));
        }
        assertThat(codes).hasSizeGreaterThan(120).contains("OPSP0007");
        var modest = open(client("modest"));
        assertThat(FaceSocket.code(modest.ask("1", "H0STCNT0", "005930"))).isEqualTo("OPSP0000");
        Await.until("its frames", () -> !modest.records("H0STCNT0").isEmpty());
    }

    @Test
    void a_key_with_symbols_receives_feeds_of_these_only() {
        var socket = open(client("narrow", "--symbols", "005930"));
        assertThat(FaceSocket.code(socket.ask("1", "H0STPGM0", "005930"))).isEqualTo("OPSP0000");
        assertThat(FaceSocket.code(socket.ask("1", "H0STPGM0", "000660"))).isEqualTo("OPSP8992");
        assertThat(FaceSocket.code(socket.ask("1", "H0UPCNT0", "0001"))).isEqualTo("OPSP8992");
        assertThat(FaceSocket.code(socket.ask("1", "HDFSCNT0", "DNASAAPL"))).isEqualTo("OPSP8992");
        assertThat(FaceSocket.code(socket.ask("1", "H0IFCNI0", "MYHTSID")))
                .as("notices of a futures account")
                .isEqualTo("OPSP8991");
    }
}

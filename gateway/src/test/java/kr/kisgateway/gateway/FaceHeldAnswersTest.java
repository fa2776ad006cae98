package kr.kisgateway.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Queries of the KIS-compatible face that pushed values answer, beside the broker's own answers. */
@Tag("slow")
class FaceHeldAnswersTest {
    private static final String SYMBOL = "005930";
    private static final String QUOTATIONS = "/uapi/domestic-stock/v1/quotations/";
    private static final Duration PUSHED_LONG_ENOUGH = Duration.ofSeconds(11);

    @TempDir
    private Path folder;

    private final HttpClient http = HttpClient.newHttpClient();
    private final List<FaceSocket> sockets = new ArrayList<>();
    private GatewayFixture gateway;
    private FaceClient face;
    private FaceClient direct;

    @BeforeEach
    void start() {
        gateway = GatewayFixture.start(folder, Map.of("SIMULATOR_RATE_LIMIT", "1000", "SIMULATOR_CLOCK", "open-fixed"));
        gateway.awaitReady();
        var port = URI.create("http://127.0.0.1:" + gateway.gateway().facePort().orElseThrow());
        face = FaceClient.withNewKey(http, folder, port, "reader", "--role", "trade");
        Await.until("the gateway knows the key", () -> face.login().statusCode() == 200);
        direct = new FaceClient(
                http,
                URI.create(
                        "http://127.0.0.1:" + gateway.gateway().simulatorPort().orElseThrow()),
                "DIRECTAPPKEYDIRECTAPPKEYDIRECTAPPKEY",
                "directappsecret".repeat(12),
                "70000009",
                "01",
                "direct");
        direct.login();
    }

    @AfterEach
    void stop() {
        sockets.forEach(FaceSocket::close);
        gateway.close();
        http.close();
    }

    private JsonNode price(FaceClient by) {
        var answer = by.price(SYMBOL);
        assertThat(FaceClient.code(answer)).isEqualTo("MCA00000");
        return FaceClient.tree(answer).path("output");
    }

    private JsonNode book(FaceClient by) {
        var answer = by.get(
                QUOTATIONS + "inquire-asking-price-exp-ccn",
                by.headers("FHKST01010200"),
                Map.of("FID_COND_MRKT_DIV_CODE", "J", "FID_INPUT_ISCD", SYMBOL));
        assertThat(FaceClient.code(answer)).isEqualTo("MCA00000");
        return FaceClient.tree(answer).path("output1");
    }

    /** Another program of the gateway receives the stock, and did so for a while. */
    private FaceSocket push(String trId) {
        var socket = FaceSocket.open(http, face, "/tryitout");
        sockets.add(socket);
        assertThat(FaceSocket.code(socket.ask("1", trId, SYMBOL))).isEqualTo("OPSP0000");
        Await.until("it is pushed", () -> !socket.records(trId).isEmpty());
        price(face);
        book(face);
        gateway.jump(PUSHED_LONG_ENOUGH);
        int before = socket.records(trId).size();
        Await.until("it is pushed on", () -> socket.records(trId).size() > before);
        price(face);
        book(face);
        return socket;
    }

    @Test
    void a_pushed_price_costs_no_call_and_equals_that_of_the_broker() {
        var socket = push("H0STCNT0");
        long calls = gateway.brokerCalls("inquire-price");
        int trades = socket.records("H0STCNT0").size();
        var volumes = new TreeSet<Long>();
        Await.until("prices of several trades", () -> {
            volumes.add(price(face).path("acml_vol").asLong());
            return volumes.size() > 2;
        });
        assertThat(gateway.brokerCalls("inquire-price")).isEqualTo(calls);
        assertThat(socket.records("H0STCNT0")).hasSizeGreaterThan(trades);

        var both = new ArrayList<JsonNode>();
        Await.until("both answers after the same trade", () -> {
            both.clear();
            both.add(price(face));
            both.add(price(direct));
            return both.getFirst().path("acml_vol").equals(both.getLast().path("acml_vol"));
        });
        // What KIS alone knows is that of its last answer, half a minute old at most.
        assertThat(differences(both.getFirst(), both.getLast()))
                .isSubsetOf("prdy_vrss_vol_rate", "frgn_ntby_qty", "pgtr_ntby_qty", "hts_frgn_ehrt", "frgn_hldn_qty");
    }

    private static Set<String> differences(JsonNode one, JsonNode other) {
        assertThat(names(one)).isEqualTo(names(other));
        return names(one).stream()
                .filter(name -> !one.path(name).equals(other.path(name)))
                .collect(Collectors.toSet());
    }

    private static List<String> names(JsonNode node) {
        return node.propertyStream().map(Map.Entry::getKey).toList();
    }

    @Test
    void a_pushed_book_costs_no_call_and_equals_that_of_the_broker() {
        var socket = push("H0STASP0");
        long calls = gateway.brokerCalls("inquire-asking-price-exp-ccn");
        var books = new TreeSet<String>();
        Await.until("several books", () -> {
            books.add(book(face).toString());
            return books.size() > 3;
        });
        assertThat(gateway.brokerCalls("inquire-asking-price-exp-ccn")).isEqualTo(calls);
        assertThat(socket.records("H0STASP0")).hasSizeGreaterThan(3);

        Await.until("the same book", () -> {
            var unequal = differences(book(face), book(direct));
            // Not pushed: changes of levels, and the after-hours market.
            unequal.removeIf(name -> name.contains("icdc") || name.startsWith("ovtm") || name.equals("aspr_acpt_hour"));
            return unequal.isEmpty();
        });
    }

    @Test
    void an_answer_of_which_every_trade_is_not_known_to_be_pushed_is_requested() {
        price(face);
        long calls = gateway.brokerCalls("inquire-price");
        gateway.jump(Duration.ofSeconds(6));
        price(face);
        assertThat(gateway.brokerCalls("inquire-price")).as("it is not pushed").isEqualTo(calls + 1);

        var socket = push("H0STCNT0");
        calls = gateway.brokerCalls("inquire-price");
        gateway.jump(Duration.ofSeconds(31));
        price(face);
        assertThat(gateway.brokerCalls("inquire-price")).as("half a minute old").isEqualTo(calls + 1);
        assertThat(FaceSocket.code(socket.ask("2", "H0STCNT0", SYMBOL))).isEqualTo("OPSP0001");
        gateway.jump(Duration.ofSeconds(6));
        long before = gateway.brokerCalls("inquire-price");
        Await.until("no longer pushed", () -> {
            gateway.jump(Duration.ofSeconds(6));
            price(face);
            return gateway.brokerCalls("inquire-price") > before + 2;
        });
    }

    @Test
    void a_halt_ends_the_answers_about_its_stock() {
        push("H0STCNT0");
        assertThat(price(face).path("temp_stop_yn").asString()).isEqualTo("N");
        long calls = gateway.brokerCalls("inquire-price");
        gateway.setMarket("{\"halt\":\"" + SYMBOL + "\"}");
        Await.until("halted", () -> price(face).path("temp_stop_yn").asString().equals("Y"));
        assertThat(gateway.brokerCalls("inquire-price")).as("requested at once").isEqualTo(calls + 1);
    }

    @Test
    void holidays_are_requested_every_ten_minutes_at_most() {
        holidays();
        long calls = gateway.brokerCalls("chk-holiday");
        gateway.jump(Duration.ofMinutes(9));
        holidays();
        assertThat(gateway.brokerCalls("chk-holiday")).isEqualTo(calls);
        gateway.jump(Duration.ofMinutes(2));
        holidays();
        assertThat(gateway.brokerCalls("chk-holiday")).isEqualTo(calls + 1);
    }

    private void holidays() {
        var query = Map.of("BASS_DT", "20261120", "CTX_AREA_NK", "", "CTX_AREA_FK", "");
        assertThat(FaceClient.code(face.get(QUOTATIONS + "chk-holiday", face.headers("CTCA0903R"), query)))
                .isEqualTo("MCA00000");
    }
}

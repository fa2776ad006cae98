package kr.kisgateway.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import kr.kisgateway.market.Instrument;
import kr.kisgateway.market.Instruments;
import kr.kisgateway.market.MarketSymbol;
import kr.kisgateway.market.OpenCalendar;
import kr.kisgateway.market.UsExchange;
import kr.kisgateway.market.UsInstrument;
import kr.kisgateway.market.UsListing;
import kr.kisgateway.simulator.KisSimulator;
import kr.kisgateway.simulator.SimulatorConfig;
import kr.kisgateway.wire.NoticeKey;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;

/** Execution notices of the KIS-compatible face, column by column beside those that the broker sends for the same orders. */
@Tag("slow")
class FaceNoticesTest {
    private static final String SAMSUNG = "005930";
    private static final String APPLE = "AAPL";

    /** The calls of a market. */
    private enum Orders {
        KOREA("H0STCNI0", 26, 17) {
            @Override
            Map<String, String> place(String side, int qty, String price) {
                return Map.of(
                        "path",
                        "domestic-stock/v1/trading/order-cash",
                        "tr_id",
                        side.equals("BUY") ? "TTTC0012U" : "TTTC0011U",
                        "PDNO",
                        SAMSUNG,
                        "ORD_DVSN",
                        "00",
                        "ORD_QTY",
                        Integer.toString(qty),
                        "ORD_UNPR",
                        price);
            }

            @Override
            Map<String, String> revise(JsonNode order, boolean cancel, boolean all, int qty, String price) {
                return Map.of(
                        "path",
                        "domestic-stock/v1/trading/order-rvsecncl",
                        "tr_id",
                        "TTTC0013U",
                        "KRX_FWDG_ORD_ORGNO",
                        order.path("KRX_FWDG_ORD_ORGNO").asString(),
                        "ORGN_ODNO",
                        order.path("ODNO").asString(),
                        "ORD_DVSN",
                        "00",
                        "RVSE_CNCL_DVSN_CD",
                        cancel ? "02" : "01",
                        "ORD_QTY",
                        Integer.toString(all ? 0 : qty),
                        "ORD_UNPR",
                        price,
                        "QTY_ALL_ORD_YN",
                        all ? "Y" : "N");
            }

            @Override
            Prices prices(FaceClient client) {
                var quote = FaceClient.tree(client.price(SAMSUNG)).path("output");
                long lower = Long.parseLong(quote.path("stck_llam").asString());
                long tick = Long.parseLong(quote.path("aspr_unit").asString());
                return new Prices(
                        quote.path("stck_mxpr").asString(),
                        quote.path("stck_llam").asString(),
                        Long.toString(lower + tick));
            }
        },
        US("H0GSCNI0", 25, 16) {
            @Override
            Map<String, String> place(String side, int qty, String price) {
                return Map.of(
                        "path",
                        "overseas-stock/v1/trading/order",
                        "tr_id",
                        side.equals("BUY") ? "TTTT1002U" : "TTTT1006U",
                        "OVRS_EXCG_CD",
                        "NASD",
                        "PDNO",
                        APPLE,
                        "ORD_DVSN",
                        "00",
                        "ORD_QTY",
                        Integer.toString(qty),
                        "OVRS_ORD_UNPR",
                        price,
                        "SLL_TYPE",
                        side.equals("BUY") ? "" : "00",
                        "ORD_SVR_DVSN_CD",
                        "0");
            }

            @Override
            Map<String, String> revise(JsonNode order, boolean cancel, boolean all, int qty, String price) {
                return Map.of(
                        "path",
                        "overseas-stock/v1/trading/order-rvsecncl",
                        "tr_id",
                        "TTTT1004U",
                        "OVRS_EXCG_CD",
                        "NASD",
                        "PDNO",
                        APPLE,
                        "ORGN_ODNO",
                        order.path("ODNO").asString(),
                        "RVSE_CNCL_DVSN_CD",
                        cancel ? "02" : "01",
                        "ORD_QTY",
                        Integer.toString(qty),
                        "OVRS_ORD_UNPR",
                        price,
                        "ORD_SVR_DVSN_CD",
                        "0");
            }

            @Override
            Prices prices(FaceClient client) {
                return new Prices("400.00", "150.25", "150.30");
            }
        };

        private final String noticeTr;
        private final int columns;
        private final int nameColumn;

        Orders(String noticeTr, int columns, int nameColumn) {
            this.noticeTr = noticeTr;
            this.columns = columns;
            this.nameColumn = nameColumn;
        }

        /** @param qty shares of the request, all that are left where {@code all} */
        abstract Map<String, String> revise(JsonNode order, boolean cancel, boolean all, int qty, String price);

        abstract Map<String, String> place(String side, int qty, String price);

        abstract Prices prices(FaceClient client);

        int timeColumn() {
            return this == KOREA ? 11 : 10;
        }

        /** CNTG_YN. */
        boolean isFill(String... notice) {
            return notice[this == KOREA ? 13 : 12].equals("2");
        }

        int qtyColumn() {
            return this == KOREA ? 9 : 8;
        }
    }

    /** A buying price that is filled at once, one that rests, and another one that does. */
    private record Prices(String filled, String resting, String other) {}

    @TempDir
    static Path folder;

    private static HttpClient http;
    private static final int CALLS = 5_000;
    /** More shares than are traded while a test runs. */
    private static final int LARGE = 2_000;

    private static KisSimulator simulator;
    private static GatewayFixture gateway;
    private final List<FaceSocket> sockets = new ArrayList<>();

    @BeforeAll
    static void start() {
        http = HttpClient.newHttpClient();
        simulator = KisSimulator.start(SimulatorConfig.defaults(folder.resolve("kis.db"))
                .withTime(new OpenCalendar(), InstantSource.system())
                .withRates(CALLS, CALLS)
                .withSynchronous("OFF"));
        gateway = start(folder);
    }

    private static GatewayFixture start(Path data) {
        var gateway = GatewayFixture.start(
                data,
                simulator.restBase(),
                Map.of(
                        "SIMULATOR_URL",
                        simulator.restBase().toString(),
                        "SIMULATOR_CLOCK",
                        "open",
                        "SIMULATOR_RATE_LIMIT",
                        Integer.toString(CALLS),
                        "RISK_MAX_NOTIONAL",
                        "none",
                        "RISK_MAX_QTY",
                        "none",
                        "RISK_REFUSE_SELF_CROSS",
                        "false"));
        gateway.awaitReady();
        return gateway;
    }

    @AfterAll
    static void stop() {
        gateway.close();
        simulator.close();
        http.close();
    }

    @AfterEach
    void disconnect() {
        sockets.forEach(FaceSocket::close);
    }

    private static URI face(GatewayFixture gateway) {
        return URI.create("http://127.0.0.1:" + gateway.gateway().facePort().orElseThrow());
    }

    private static FaceClient client(String name, String... options) {
        return client(gateway, folder, name, options);
    }

    private static FaceClient client(GatewayFixture gateway, Path data, String name, String... options) {
        var all = new ArrayList<>(List.of("--role", "trade"));
        all.addAll(List.of(options));
        var client = FaceClient.withNewKey(http, data, face(gateway), name, all.toArray(String[]::new));
        Await.until("the gateway knows the key", () -> client.login().statusCode() == 200);
        return client;
    }

    /** A program that talks to the broker itself, with an app key of its own. */
    private static FaceClient direct(String name, int number) {
        var client = new FaceClient(
                http,
                simulator.restBase(),
                "DIRECT%030d".formatted(number),
                "directappsecret".repeat(12),
                "7000%04d".formatted(number),
                "01",
                name);
        assertThat(client.login().statusCode()).isEqualTo(200);
        return client;
    }

    /** A program and the notices that it receives. */
    private final class Receiver {
        private final FaceClient client;
        private final FaceSocket socket;
        private final Map<String, NoticeKey> keys = new LinkedHashMap<>();

        Receiver(FaceClient client, Orders... markets) {
            this.client = client;
            this.socket = FaceSocket.open(http, client, "/tryitout");
            sockets.add(socket);
            for (Orders market : markets) {
                var answer = socket.ask("1", market.noticeTr, client.htsId);
                assertThat(FaceSocket.code(answer)).as(answer.toString()).isEqualTo("OPSP0000");
                assertThat(answer.path("header").path("encrypt").asString()).isEqualTo("Y");
                var output = answer.path("body").path("output");
                keys.put(
                        market.noticeTr,
                        new NoticeKey(
                                output.path("key").asString(), output.path("iv").asString()));
            }
        }

        /** The columns of the notices of a TR. */
        List<String[]> notices(String trId) {
            return socket.data.stream()
                    .filter(frame -> frame.startsWith("1|" + trId + "|001|"))
                    .map(frame -> keys.get(trId)
                            .decrypt(frame.substring(frame.lastIndexOf('|') + 1))
                            .orElseThrow()
                            .split("\\^", -1))
                    .toList();
        }

        /** The notices once there are as many that are no fills, and fills of as many shares. */
        List<String[]> await(Orders market, int others, int filled) {
            Await.until(
                    others + " notices and " + filled + " filled shares of " + market,
                    () -> count(market) == others && filled(this, market) == filled);
            return notices(market.noticeTr);
        }

        /** The notices that are no fills. */
        private long count(Orders market) {
            return notices(market.noticeTr).stream()
                    .filter(columns -> !market.isFill(columns))
                    .count();
        }

        JsonNode send(Map<String, String> request) {
            var body = client.account();
            body.putAll(request);
            body.remove("path");
            body.remove("tr_id");
            HttpResponse<String> answer =
                    client.post("/uapi/" + request.get("path"), client.headers(request.get("tr_id")), body);
            assertThat(FaceClient.code(answer))
                    .as(request + " " + answer.body())
                    .isEqualTo("APBK0013");
            return FaceClient.tree(answer).path("output");
        }
    }

    /** What both programs do next, and what each has been notified of then: events that are no fills, and filled shares. */
    private record Step(int others, int filled, Function<List<JsonNode>, Map<String, String>> request) {}

    private static List<Step> steps(Orders market, Prices prices) {
        return List.of(
                new Step(1, 2, _ -> market.place("BUY", 2, prices.filled())),
                new Step(2, 3, _ -> market.place("SELL", 1, prices.resting())),
                new Step(3, 3, _ -> market.place("BUY", 10, prices.resting())),
                new Step(4, 3, done -> market.revise(done.get(2), false, true, 10, prices.other())),
                new Step(5, 3, done -> market.revise(done.get(3), true, false, 3, "0")),
                new Step(6, 3, done -> market.revise(done.get(3), true, true, 7, "0")),
                new Step(7, 3, _ -> market.place("BUY", 3, prices.resting())),
                new Step(8, 6, done -> market.revise(done.get(6), false, true, 3, prices.filled())));
    }

    @ParameterizedTest
    @EnumSource
    void notices_have_the_columns_of_the_brokers_for_the_same_orders(Orders market) {
        var broker = new Receiver(direct("direct", market.ordinal() + 1), market);
        var trader = new Receiver(client("trader-" + market.name().toLowerCase(Locale.ROOT)), Orders.values());
        var other = new Receiver(client("other-" + market.name().toLowerCase(Locale.ROOT)), Orders.values());
        var all = new Receiver(
                client("all-" + market.name().toLowerCase(Locale.ROOT), "--sees", "account"), Orders.values());
        var prices = market.prices(broker.client);
        var receivers = List.of(broker, trader);
        for (Receiver receiver : receivers) {
            var done = new ArrayList<JsonNode>();
            for (Step step : steps(market, prices)) {
                done.add(receiver.send(step.request().apply(done)));
                receiver.await(market, step.others(), step.filled());
            }
            gateway.fault("{\"reject_by_exchange\":1}");
            receiver.send(market.place("BUY", 4, prices.resting()));
            receiver.await(market, 10, 6);
        }
        assertThat(masked(market, trader)).isEqualTo(masked(market, broker));
        for (Receiver receiver : List.of(trader, all)) {
            assertThat(receiver.await(market, 10, 6)).allSatisfy(columns -> {
                assertThat(columns).hasSize(market.columns);
                assertThat(columns[0]).isEqualTo(receiver.client.htsId);
                assertThat(columns[1]).isEqualTo(receiver.client.cano + receiver.client.productCode);
                assertThat(columns[2]).matches("[0-9]{10}");
                assertThat(columns[market.timeColumn()]).matches("[0-9]{6}");
                assertThat(columns[market.nameColumn]).as("the owner's name").isEmpty();
            });
        }
        for (Orders each : Orders.values()) {
            if (each != market) {
                assertThat(trader.notices(each.noticeTr))
                        .as("notices of the other market")
                        .isEmpty();
            }
        }
        assertThat(other.socket.data).isEmpty();
    }

    /**
     * The notices with positions for order numbers, and without what differs from program to program. Fills in a row are one of
     * all their shares, without its price: they are those of the moment.
     */
    private static List<String> masked(Orders market, Receiver receiver) {
        var numbers = new ArrayList<String>();
        var all = new LinkedHashMap<String, Long>();
        for (String[] columns : receiver.notices(market.noticeTr)) {
            for (int i = 2; i <= 3; i++) {
                if (!columns[i].isEmpty()) {
                    if (!numbers.contains(columns[i])) {
                        numbers.add(columns[i]);
                    }
                    columns[i] = "no " + numbers.indexOf(columns[i]);
                }
            }
            columns[0] = "";
            columns[1] = "";
            columns[market.timeColumn()] = "";
            columns[market.nameColumn] = "";
            long qty = Long.parseLong(columns[market.qtyColumn()]);
            assertThat(columns[market.qtyColumn()]).hasSize(10);
            columns[market.qtyColumn()] = "";
            if (market.isFill(columns)) {
                assertThat(columns[market.qtyColumn() + 1]).matches("[0-9]{9}");
                columns[market.qtyColumn() + 1] = "";
                if (market == Orders.US) {
                    assertThat(columns[24]).matches("[0-9]{12}");
                    columns[24] = "";
                }
            }
            all.merge(String.join("^", columns), qty, Long::sum);
        }
        return all.entrySet().stream().map(Object::toString).toList();
    }

    @ParameterizedTest
    @EnumSource
    void fills_and_the_cancel_of_the_rest_add_up_to_the_order(Orders market) {
        var trader = new Receiver(client("large-" + market.name().toLowerCase(Locale.ROOT)), market);
        var rare = rarelyTraded(market);
        var symbol = Map.of("PDNO", rare.ticker());
        var ask = gateway.json("/v1/orderbooks/" + rare.code())
                .path("asks")
                .path(0)
                .path("price")
                .asString();
        var placed = trader.send(with(market.place("BUY", LARGE, ask), symbol));
        Await.until("a fill", () -> filled(trader, market) > 0);
        trader.send(with(market.revise(placed, true, true, 0, "0"), symbol));
        Await.until("the confirmation", () -> trader.count(market) == 2);
        var confirmed = trader.notices(market.noticeTr).getLast();
        assertThat(confirmed[5]).as("RCTF_CLS").isEqualTo("2");
        assertThat(Long.parseLong(confirmed[market.qtyColumn()]))
                .isPositive()
                .isEqualTo(LARGE - filled(trader, market));
        assertThat(Long.parseLong(confirmed[market.qtyColumn() + 1]))
                .as("a cancel has no price")
                .isZero();
    }

    private static Map<String, String> with(Map<String, String> request, Map<String, String> fields) {
        var all = new LinkedHashMap<>(request);
        all.putAll(fields);
        return all;
    }

    /** A stock whose best price has few shares. */
    private static MarketSymbol rarelyTraded(Orders market) {
        return switch (market) {
            case KOREA ->
                Instruments.load().all().stream()
                        .filter(stock -> stock.close() > 20_000 && stock.close() < 60_000)
                        .min(Comparator.comparingLong(Instrument::turnover))
                        .orElseThrow()
                        .symbol();
            case US ->
                UsListing.load().all().stream()
                        .filter(stock -> stock.symbol().exchange() == UsExchange.NASD)
                        .filter(stock -> stock.close() > 200_000 && stock.close() < 600_000)
                        .min(Comparator.comparingLong(UsInstrument::volume))
                        .orElseThrow()
                        .symbol();
        };
    }

    private static long filled(Receiver receiver, Orders market) {
        return receiver.notices(market.noticeTr).stream()
                .filter(columns -> market.isFill(columns))
                .mapToLong(columns -> Long.parseLong(columns[market.qtyColumn()]))
                .sum();
    }

    @Test
    void programs_of_the_older_layout_get_the_columns_that_they_know() {
        var old = new Receiver(client("classic", "--layout", "classic"), Orders.values());
        var samples = new Receiver(client("samples", "--layout", "samples"), Orders.US);
        old.send(Orders.US.place("BUY", 1, "400.00"));
        samples.send(Orders.US.place("BUY", 1, "400.00"));
        assertThat(old.await(Orders.US, 1, 1)).allMatch(columns -> columns.length == 21);
        assertThat(samples.await(Orders.US, 1, 1)).allMatch(columns -> columns.length == 25);
        var full = samples.notices("H0GSCNI0").getLast();
        assertThat(full[24]).isEqualTo("000" + full[9]);
    }

    @Test
    void orders_for_the_close_name_their_kind_and_releases_end_the_notices() {
        var trader = new Receiver(client("closing"), Orders.values());
        var placed = trader.send(with(Orders.US.place("BUY", 2, "150.25"), Map.of("ORD_DVSN", "34")));
        assertThat(trader.await(Orders.US, 1, 0).getFirst()[6]).as("ODER_KIND2").isEqualTo("D");
        assertThat(FaceSocket.code(trader.socket.ask("1", "H0GSCNI0", trader.client.htsId)))
                .isEqualTo("OPSP0002");
        assertThat(FaceSocket.code(trader.socket.ask("1", "H0GSCNI0", "another")))
                .isEqualTo("OPSP0017");
        assertThat(placed.path("ODNO").asString())
                .isEqualTo(trader.await(Orders.US, 1, 0).getFirst()[2]);

        var second = new Receiver(client("released"), Orders.values());
        assertThat(FaceSocket.code(second.socket.ask("2", "H0GSCNI0", second.client.htsId)))
                .isEqualTo("OPSP0001");
        second.send(Orders.US.place("BUY", 1, "400.00"));
        second.send(
                Orders.KOREA.place("BUY", 1, Orders.KOREA.prices(second.client).filled()));
        second.await(Orders.KOREA, 1, 1);
        assertThat(second.notices("H0GSCNI0")).isEmpty();
    }

    @Test
    void a_restart_of_the_gateway_repeats_no_notice(@TempDir Path data) {
        var first = start(data);
        FaceClient before;
        JsonNode placed;
        try {
            before = client(first, data, "restarted");
            var trader = new Receiver(before, Orders.US);
            placed = trader.send(Orders.US.place("BUY", 10, "150.25"));
            trader.await(Orders.US, 1, 0);
        } finally {
            first.close();
        }
        try (var second = start(data)) {
            var after = new FaceClient(
                    http, face(second), before.appKey, before.appSecret, before.cano, before.productCode, before.htsId);
            assertThat(after.login().statusCode()).isEqualTo(200);
            var trader = new Receiver(after, Orders.US);
            trader.send(Orders.US.revise(placed, true, true, 10, "0"));
            Await.until("a notice", () -> !trader.notices("H0GSCNI0").isEmpty());
            trader.send(Orders.US.place("BUY", 1, "150.25"));
            var notices = trader.await(Orders.US, 2, 0);
            assertThat(notices.getFirst()[5]).as("RCTF_CLS").isEqualTo("2");
            assertThat(notices.getFirst()[3]).isEqualTo(placed.path("ODNO").asString());
        }
    }
}

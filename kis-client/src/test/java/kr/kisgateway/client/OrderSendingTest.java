package kr.kisgateway.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import kr.kisgateway.client.budget.BudgetCore;
import kr.kisgateway.client.budget.CallPermit;
import kr.kisgateway.client.budget.Grant;
import kr.kisgateway.client.token.TokenCore;
import kr.kisgateway.client.token.TokenFile;
import kr.kisgateway.market.OrderType;
import kr.kisgateway.market.Side;
import kr.kisgateway.market.Symbol;
import kr.kisgateway.market.Venue;
import kr.kisgateway.requirement.Requirement;
import kr.kisgateway.wire.RealtimeKey;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The bytes of an order that the broker receives, whatever happens on the socket. */
@Tag("slow")
class OrderSendingTest {
    private static final String ACCEPTED =
            "{\"rt_cd\":\"0\",\"msg_cd\":\"APBK0013\",\"msg1\":\"ok\",\"output\":{\"KRX_FWDG_ORD_ORGNO\":\"06010\",\"ODNO\":\"0001569139\",\"ORD_TMD\":\"131438\"}}";
    private static final PlaceOrder LIMIT_BUY =
            new PlaceOrder(new Symbol("005930"), Side.BUY, OrderType.LIMIT, 10, 71_500, Venue.KRX);

    /** The lead of the test's clocks. */
    private volatile Duration ahead = Duration.ZERO;

    private final InstantSource clock = () -> InstantSource.system().instant().plus(ahead);

    @TempDir
    private Path folder;

    private RawServer server;
    private KisClient client;

    @BeforeEach
    void start() {
        server = new RawServer();
        client = open(server.address());
    }

    @AfterEach
    void stop() throws IOException {
        client.close();
        server.close();
    }

    @Test
    void an_accepted_order_has_its_broker_order_number() {
        server.script.add(RawServer.json(200, ACCEPTED));
        assertThat(place()).isEqualTo(new Placement.Accepted("06010", 1_569_139, "131438"));
    }

    @Test
    void the_bytes_of_a_limit_buy_are_as_kis_documents_them() {
        server.script.add(RawServer.json(200, ACCEPTED));
        place();
        RawServer.ReceivedRequest order = server.calls().getFirst();
        assertThat(order.line()).isEqualTo("POST /uapi/domestic-stock/v1/trading/order-cash HTTP/1.1");
        assertThat(order.body())
                .isEqualTo("{\"CANO\":\"87654321\",\"ACNT_PRDT_CD\":\"01\",\"PDNO\":\"005930\",\"ORD_DVSN\":\"00\","
                        + "\"ORD_QTY\":\"10\",\"ORD_UNPR\":\"71500\",\"EXCG_ID_DVSN_CD\":\"KRX\"}");
        assertThat(order.header("tr_id")).isEqualTo("TTTC0012U");
        assertThat(order.header("content-type")).isEqualToIgnoringCase("application/json; charset=utf-8");
        assertThat(order.header("authorization")).isEqualTo("Bearer PLANTEDTOKEN");
        assertThat(order.header("appkey")).isEqualTo(Fixtures.APP_KEY);
        assertThat(order.header("appsecret")).isEqualTo(Fixtures.APP_SECRET);
        assertThat(order.header("custtype")).isEqualTo("P");
    }

    @Test
    void the_bytes_of_a_market_sell_are_as_kis_documents_them() {
        server.script.add(RawServer.json(200, ACCEPTED));
        client.place(permit(), new PlaceOrder(new Symbol("Q500001"), Side.SELL, OrderType.MARKET, 3, 0, Venue.SOR));
        RawServer.ReceivedRequest order = server.calls().getFirst();
        assertThat(order.header("tr_id")).isEqualTo("TTTC0011U");
        assertThat(order.body())
                .isEqualTo("{\"CANO\":\"87654321\",\"ACNT_PRDT_CD\":\"01\",\"PDNO\":\"Q500001\",\"ORD_DVSN\":\"01\","
                        + "\"ORD_QTY\":\"3\",\"ORD_UNPR\":\"0\",\"EXCG_ID_DVSN_CD\":\"SOR\"}");
    }

    @Test
    void the_bytes_of_a_cancel_are_as_kis_documents_them() {
        server.script.add(RawServer.json(200, ACCEPTED));
        Placement placement = client.cancel(
                permit(), new CancelOrder("06010", 12_346, new Symbol("005930"), Venue.NXT, "00", 7, true));
        RawServer.ReceivedRequest cancel = server.calls().getFirst();
        assertThat(placement).isInstanceOf(Placement.Accepted.class);
        assertThat(cancel.line()).isEqualTo("POST /uapi/domestic-stock/v1/trading/order-rvsecncl HTTP/1.1");
        assertThat(cancel.header("tr_id")).isEqualTo("TTTC0013U");
        assertThat(cancel.body())
                .isEqualTo("{\"CANO\":\"87654321\",\"ACNT_PRDT_CD\":\"01\",\"KRX_FWDG_ORD_ORGNO\":\"06010\","
                        + "\"ORGN_ODNO\":\"0000012346\",\"ORD_DVSN\":\"00\",\"RVSE_CNCL_DVSN_CD\":\"02\","
                        + "\"ORD_QTY\":\"0\",\"ORD_UNPR\":\"0\",\"QTY_ALL_ORD_YN\":\"Y\",\"EXCG_ID_DVSN_CD\":\"NXT\"}");
    }

    @Test
    void the_bytes_of_a_partial_cancel_name_its_shares() {
        server.script.add(RawServer.json(200, ACCEPTED));
        Placement placement = client.cancel(permit(), partialCancel());
        RawServer.ReceivedRequest cancel = server.calls().getFirst();
        assertThat(placement).isEqualTo(new Placement.Accepted("06010", 1_569_139, "131438"));
        assertThat(cancel.line()).isEqualTo("POST /uapi/domestic-stock/v1/trading/order-rvsecncl HTTP/1.1");
        assertThat(cancel.header("tr_id")).isEqualTo("TTTC0013U");
        assertThat(cancel.body())
                .isEqualTo("{\"CANO\":\"87654321\",\"ACNT_PRDT_CD\":\"01\",\"KRX_FWDG_ORD_ORGNO\":\"06010\","
                        + "\"ORGN_ODNO\":\"0000012346\",\"ORD_DVSN\":\"00\",\"RVSE_CNCL_DVSN_CD\":\"02\","
                        + "\"ORD_QTY\":\"3\",\"ORD_UNPR\":\"0\",\"QTY_ALL_ORD_YN\":\"N\",\"EXCG_ID_DVSN_CD\":\"KRX\"}");
    }

    @Test
    void the_bytes_of_a_modification_leave_the_quantity_to_kis() {
        server.script.add(RawServer.json(200, ACCEPTED));
        Placement placement = client.modify(permit(), modification());
        RawServer.ReceivedRequest modify = server.calls().getFirst();
        assertThat(placement).isEqualTo(new Placement.Accepted("06010", 1_569_139, "131438"));
        assertThat(modify.line()).isEqualTo("POST /uapi/domestic-stock/v1/trading/order-rvsecncl HTTP/1.1");
        assertThat(modify.header("tr_id")).isEqualTo("TTTC0013U");
        assertThat(modify.body())
                .isEqualTo(
                        "{\"CANO\":\"87654321\",\"ACNT_PRDT_CD\":\"01\",\"KRX_FWDG_ORD_ORGNO\":\"06010\","
                                + "\"ORGN_ODNO\":\"0000012346\",\"ORD_DVSN\":\"00\",\"RVSE_CNCL_DVSN_CD\":\"01\","
                                + "\"ORD_QTY\":\"0\",\"ORD_UNPR\":\"71400\",\"QTY_ALL_ORD_YN\":\"Y\",\"EXCG_ID_DVSN_CD\":\"SOR\"}");
    }

    @Test
    void a_modification_or_partial_cancel_in_doubt_is_not_resent() {
        for (var trouble : List.of(
                RawServer.json(503, "busy", "Retry-After: 0\r\n"),
                RawServer.json(429, "slow down", "Retry-After: 0\r\n"),
                RawServer.json(307, "", "Location: /elsewhere\r\n"),
                RawServer.RESET)) {
            for (var call : List.<Supplier<Placement>>of(
                    () -> client.modify(permit(), modification()), () -> client.cancel(permit(), partialCancel()))) {
                int before = server.calls().size();
                server.script.add(trouble);
                assertThat(call.get()).isInstanceOf(Placement.Unknown.class);
                assertThat(server.calls()).hasSize(before + 1);
            }
        }
    }

    @Test
    void a_modification_without_an_answer_is_unknown() {
        server.script.add(RawServer.SILENCE);
        assertThat(client.modify(permit(), modification()))
                .isInstanceOfSatisfying(
                        Placement.Unknown.class, it -> assertThat(it.code()).isEqualTo("TIMEOUT"));
        assertThat(server.calls()).hasSize(1);
    }

    @Test
    void a_modification_needs_a_price_and_a_partial_cancel_a_share() {
        Symbol samsung = new Symbol("005930");
        assertThat(client.modify(permit(), new ModifyOrder("06010", 1, samsung, Venue.KRX, "00", 0)))
                .isInstanceOf(Placement.NotSent.class);
        assertThat(client.cancel(permit(), new CancelOrder("06010", 1, samsung, Venue.KRX, "00", 0, false)))
                .isInstanceOf(Placement.NotSent.class);
        assertThat(client.place(permit(), new PlaceOrder(samsung, Side.BUY, OrderType.LIMIT, 0, 70_000, Venue.KRX)))
                .isInstanceOf(Placement.NotSent.class);
        assertThat(server.calls()).isEmpty();
    }

    @Test
    void an_order_answered_503_is_not_resent() {
        server.script.add(RawServer.json(503, "busy", "Retry-After: 0\r\n"));
        server.script.add(RawServer.json(200, ACCEPTED));
        assertThat(place()).isInstanceOf(Placement.Unknown.class);
        assertThat(server.calls()).hasSize(1);
    }

    @Test
    void an_order_answered_429_is_not_resent() {
        server.script.add(RawServer.json(429, "slow down", "Retry-After: 0\r\n"));
        server.script.add(RawServer.json(200, ACCEPTED));
        assertThat(place()).isInstanceOf(Placement.Unknown.class);
        assertThat(server.calls()).hasSize(1);
    }

    @Test
    void a_redirect_is_not_followed() {
        for (int status : new int[] {301, 302, 307, 308}) {
            server.script.add(RawServer.json(status, "", "Location: /elsewhere\r\n"));
        }
        for (int sent = 1; sent <= 4; sent++) {
            assertThat(place()).isInstanceOf(Placement.Unknown.class);
            assertThat(server.calls()).hasSize(sent);
        }
    }

    @Test
    void a_reset_after_sending_leaves_the_order_unknown_and_resends_nothing() {
        server.script.add(RawServer.RESET);
        server.script.add(RawServer.json(200, ACCEPTED));
        assertThat(place()).isInstanceOf(Placement.Unknown.class);
        assertThat(server.calls()).hasSize(1);
    }

    @Test
    void a_connection_reset_before_the_answer_is_not_a_refusal() {
        server.resetUnread = true;
        assertThat(place()).isInstanceOfAny(Placement.Unknown.class, Placement.NotSent.class);
        assertThat(server.calls()).isEmpty();
    }

    @Test
    void an_answer_cut_short_leaves_it_unknown() {
        server.script.add((_, socket) -> {
            socket.getOutputStream()
                    .write("HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{\"rt_cd\""
                            .getBytes(java.nio.charset.StandardCharsets.US_ASCII));
            return false;
        });
        assertThat(place()).isInstanceOf(Placement.Unknown.class);
        assertThat(server.calls()).hasSize(1);
    }

    @Test
    void a_pooled_connection_that_died_does_not_lead_to_a_second_order() {
        server.script.add(RawServer.json(200, ACCEPTED));
        server.closeIdle = true;
        place();
        server.closeIdle = false;
        server.script.add(RawServer.json(200, ACCEPTED));
        Placement second = place();
        // Either the dead connection was detected and a new one used, or bytes were written into the dead one.
        assertThat(server.calls()).hasSize(second instanceof Placement.Accepted ? 2 : 1);
        assertThat(second).isInstanceOfAny(Placement.Accepted.class, Placement.Unknown.class);
    }

    @Test
    @Requirement(value = "A-03", clause = "timeouts")
    @Requirement(value = "A-10", clause = "orders")
    void no_answer_in_time_leaves_it_unknown() {
        server.script.add(RawServer.SILENCE);
        Placement placement = place();
        assertThat(placement)
                .isInstanceOfSatisfying(
                        Placement.Unknown.class, it -> assertThat(it.code()).isEqualTo("TIMEOUT"));
        assertThat(server.calls()).hasSize(1);
    }

    @Test
    void a_refused_connection_is_definitely_not_sent_and_costs_no_slot() {
        URI unreachable = Fixtures.unreachable("http");
        Instant now = clock.instant();
        new TokenFile(Fixtures.config(unreachable, Fixtures.unreachable("ws"), folder), InstantSource.system())
                .write(new TokenCore.Token(Secret.of("PLANTEDTOKEN"), now, now.plusSeconds(3600)));
        try (KisClient alone = open(unreachable)) {
            Instant deadline = clock.instant().plusSeconds(20);
            Permit permit =
                    ((Grant.Granted) Fixtures.budget(alone).acquire(Lane.LIMIT_ORDER, "t", true, deadline)).permit();
            assertThat(alone.budget().state().ledgerUsedLastSecond()).isEqualTo(1);
            assertThat(alone.place(permit, LIMIT_BUY)).isInstanceOf(Placement.NotSent.class);
            assertThat(alone.budget().state().ledgerUsedLastSecond()).isZero();
        }
    }

    @Test
    void a_closed_client_answers_instead_of_hanging() {
        client.close();
        assertThat(client.inquirePrice(new Symbol("005930"), clock.instant().plusSeconds(1)))
                .isInstanceOf(KisReply.Failed.class);
    }

    @Test
    void an_order_is_not_sent_past_its_deadline() {
        var grant = Fixtures.budget(client)
                .acquire(Lane.LIMIT_ORDER, "t", true, clock.instant().plusSeconds(5));
        Permit late = new CallPermit(
                Fixtures.budget(client),
                new BudgetCore.Slot(99, 0, BudgetCore.Group.ORDER, true),
                clock.instant().minusMillis(1));
        assertThat(grant).isInstanceOf(Grant.Granted.class);
        assertThat(client.place(late, LIMIT_BUY)).isInstanceOf(Placement.NotSent.class);
        assertThat(server.calls()).isEmpty();
    }

    @Test
    void an_order_with_an_expired_token_is_not_resent_and_the_token_is_replaced() {
        server.script.add(RawServer.json(500, "{\"rt_cd\":\"1\",\"msg_cd\":\"EGW00123\",\"msg1\":\"expired\"}"));
        assertThat(place()).isEqualTo(new Placement.NotSent("EGW00123", "expired"));
        assertThat(server.calls()).hasSize(1);
        assertThat(place())
                .as("its replacement may not be requested within a minute")
                .isInstanceOfSatisfying(
                        Placement.NotSent.class, it -> assertThat(it.code()).isEqualTo("TOKEN_UNAVAILABLE"));
        assertThat(server.calls()).hasSize(1);
    }

    @Test
    void an_unsolicited_answer_is_not_taken_for_the_next_order() {
        server.script.add((request, socket) -> {
            byte[] answer = ("HTTP/1.1 200 X\r\nContent-Length: " + ACCEPTED.length() + "\r\n\r\n" + ACCEPTED)
                    .getBytes(StandardCharsets.UTF_8);
            var both = new ByteArrayOutputStream();
            both.writeBytes(answer);
            both.writeBytes(answer);
            socket.getOutputStream().write(both.toByteArray());
            return true;
        });
        server.script.add(RawServer.json(200, "{\"rt_cd\":\"7\",\"msg_cd\":\"APBK0952\",\"msg1\":\"no cash\"}"));
        assertThat(place()).isInstanceOf(Placement.Accepted.class);
        assertThat(place()).isInstanceOf(Placement.Refused.class);
        assertThat(server.calls()).hasSize(2);
    }

    /** What arrives decrypted stays within the layer of TLS until it is read: neither the socket nor the buffer of HTTP has it. */
    @Test
    void an_unsolicited_answer_in_the_last_encrypted_record_is_not_taken_for_the_next_order() throws Exception {
        try (var _ = TestTls.trusted();
                RawServer encrypted = RawServer.encrypted();
                KisClient alone = open(encrypted.address())) {
            String padded = ACCEPTED + " ".repeat(2_000);
            encrypted.script.add((request, socket) -> {
                var out = socket.getOutputStream();
                out.write(("HTTP/1.1 200 X\r\nContent-Length: " + padded.length() + "\r\n\r\n")
                        .getBytes(StandardCharsets.UTF_8));
                out.flush();
                // The rest and a whole further answer are one record.
                out.write((padded + "HTTP/1.1 200 X\r\nContent-Length: " + ACCEPTED.length() + "\r\n\r\n" + ACCEPTED)
                        .getBytes(StandardCharsets.UTF_8));
                out.flush();
                return true;
            });
            encrypted.script.add(RawServer.json(200, "{\"rt_cd\":\"7\",\"msg_cd\":\"APBK0952\",\"msg1\":\"no cash\"}"));
            assertThat(alone.place(permit(alone), LIMIT_BUY)).isInstanceOf(Placement.Accepted.class);
            assertThat(alone.place(permit(alone), LIMIT_BUY)).isInstanceOf(Placement.Refused.class);
            assertThat(encrypted.calls()).hasSize(2);
        }
    }

    @Test
    void an_unsolicited_answer_behind_one_without_a_body_is_not_taken_for_the_next_order() {
        client.close();
        // The first order has a connection of its own.
        server.token = RawServer.json(
                200,
                "{\"access_token\":\"PLANTEDTOKEN\",\"token_type\":\"Bearer\",\"expires_in\":86400}",
                "Connection: close\r\n");
        client = open(server.address());
        server.script.add((request, socket) -> {
            socket.getOutputStream()
                    .write(("HTTP/1.1 204 X\r\n\r\nHTTP/1.1 200 X\r\nContent-Length: " + ACCEPTED.length() + "\r\n\r\n"
                                    + ACCEPTED)
                            .getBytes(StandardCharsets.UTF_8));
            return true;
        });
        server.script.add(RawServer.json(200, "{\"rt_cd\":\"7\",\"msg_cd\":\"APBK0952\",\"msg1\":\"no cash\"}"));
        assertThat(place()).isInstanceOf(Placement.Unknown.class);
        assertThat(place()).isInstanceOf(Placement.Refused.class);
        assertThat(server.calls()).hasSize(2);
    }

    @Test
    void an_encrypted_answer_that_arrives_byte_by_byte_is_cut_off() throws Exception {
        try (var _ = TestTls.trusted();
                RawServer encrypted = RawServer.encrypted();
                KisClient alone = open(encrypted.address())) {
            encrypted.script.add((request, socket) -> {
                for (byte b : ("HTTP/1.1 200 X\r\nContent-Length: 500\r\n\r\n" + " ".repeat(500))
                        .getBytes(StandardCharsets.UTF_8)) {
                    socket.getOutputStream().write(b);
                    socket.getOutputStream().flush();
                    try {
                        new CountDownLatch(1).await(100, TimeUnit.MILLISECONDS);
                    } catch (InterruptedException _) {
                        return false;
                    }
                }
                return true;
            });
            Instant start = InstantSource.system().instant();
            assertThat(alone.place(permit(alone), LIMIT_BUY))
                    .isInstanceOfSatisfying(
                            Placement.Unknown.class, it -> assertThat(it.code()).isEqualTo("TIMEOUT"));
            assertThat(Duration.between(start, InstantSource.system().instant()))
                    .isLessThan(Duration.ofSeconds(10));
        }
    }

    @Test
    void an_order_is_not_lost_on_a_connection_that_the_server_has_closed() throws Exception {
        var closed = new CountDownLatch(1);
        server.script.add((request, socket) -> {
            RawServer.json(200, ACCEPTED).sendTo(request, socket);
            socket.close();
            closed.countDown();
            return false;
        });
        server.script.add(RawServer.json(200, ACCEPTED));
        assertThat(place()).isInstanceOf(Placement.Accepted.class);
        assertThat(closed.await(10, TimeUnit.SECONDS)).isTrue();
        ahead = Duration.ofMillis(500);
        assertThat(place()).isInstanceOf(Placement.Accepted.class);
        assertThat(server.calls()).hasSize(2);
    }

    @Test
    void an_expired_permit_sends_nothing() {
        Permit permit = permit();
        ahead = Duration.ofSeconds(31);
        assertThat(client.place(permit, LIMIT_BUY))
                .isInstanceOfSatisfying(
                        Placement.NotSent.class, it -> assertThat(it.code()).isEqualTo("QUEUE_TIMEOUT"));
        assertThat(server.calls()).isEmpty();
    }

    @Test
    void a_closed_client_refuses_every_call_immediately() {
        Permit permit = permit();
        client.close();
        assertThat(client.place(permit, LIMIT_BUY))
                .isInstanceOfSatisfying(
                        Placement.NotSent.class, it -> assertThat(it.code()).isEqualTo("CLOSED"));
        assertThat(client.call("FHKST01010100", Map.of("FID_COND_MRKT_DIV_CODE", "J", "FID_INPUT_ISCD", "005930")))
                .isInstanceOfSatisfying(KisReply.Failed.class, it -> {
                    assertThat(it.failure().kind()).isEqualTo(KisFailure.Kind.CLOSED);
                    assertThat(it.failure().retryable()).isFalse();
                });
        assertThat(client.realtime().register(new RealtimeKey("H0STCNT0", "005930")))
                .isEqualTo(RegisterAnswer.REFUSED);
        assertThat(server.calls()).isEmpty();
    }

    @Test
    void a_rate_refusal_was_not_taken_and_shrinks_the_budget() {
        server.script.add(RawServer.json(500, "{\"rt_cd\":\"1\",\"msg_cd\":\"EGW00215\",\"msg1\":\"slow\"}"));
        assertThat(place()).isEqualTo(new Placement.NotSent("EGW00215", "slow"));
        assertThat(client.budget().state().ledgerLimit()).isEqualTo(9);
    }

    @Test
    void a_refused_order_has_code_and_message() {
        server.script.add(
                RawServer.json(200, "{\"rt_cd\":\"7\",\"msg_cd\":\"APBK0952\",\"msg1\":\"주문가능금액을 초과 했습니다  \"}"));
        assertThat(place()).isEqualTo(new Placement.Refused("APBK0952", "주문가능금액을 초과 했습니다"));
    }

    private static ModifyOrder modification() {
        return new ModifyOrder("06010", 12_346, new Symbol("005930"), Venue.SOR, "00", 71_400);
    }

    private static CancelOrder partialCancel() {
        return new CancelOrder("06010", 12_346, new Symbol("005930"), Venue.KRX, "00", 3, false);
    }

    private Placement place() {
        return client.place(permit(), LIMIT_BUY);
    }

    private Permit permit() {
        return permit(client);
    }

    private Permit permit(KisClient caller) {
        Instant deadline = clock.instant().plusSeconds(20);
        return ((Grant.Granted) Fixtures.budget(caller).acquire(Lane.LIMIT_ORDER, "t", true, deadline)).permit();
    }

    private KisClient open(URI rest) {
        var recorder = new Recorder();
        KisConfig config = Fixtures.config(rest, Fixtures.unreachable("ws"), folder);
        var shortWait = new Timeouts(
                Duration.ofSeconds(2),
                Duration.ofMillis(700),
                Duration.ofSeconds(120),
                Duration.ZERO,
                Duration.ofMillis(50),
                Duration.ofMillis(100));
        KisClient opened =
                KisClient.open(config.withTuning(config.tuning().withTimeouts(shortWait)), clock, clock, recorder);
        opened.start();
        recorder.awaitEvent("token_issued");
        return opened;
    }
}

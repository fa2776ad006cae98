package kr.kisgateway.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Optional;
import kr.kisgateway.client.secret.SecretRedactor;
import kr.kisgateway.client.session.SessionCore;
import kr.kisgateway.market.Side;
import kr.kisgateway.wire.OverseasSymbol;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Texts of a server, or of a proxy before it. */
class UpstreamTextTest {
    @TempDir
    private Path folder;

    private ScriptedBroker kis;

    @BeforeEach
    void start() {
        kis = ScriptedBroker.open(folder);
    }

    @AfterEach
    void stop() throws IOException {
        kis.close();
    }

    @Test
    void a_text_of_kis_is_truncated_and_stripped_of_control_characters() {
        var message = refused("bad\\n2026-11-20 INFO forged\\u001b[2J\\u0085\\u2028" + "x".repeat(20_000));

        assertThat(message).startsWith("bad 2026-11-20 INFO forged [2J").hasSize(500);
        assertThat(message.chars()).noneMatch(c -> c < ' ' || (c >= 0x7f && c <= 0x9f) || c == 0x2028);
    }

    @Test
    void secrets_of_the_request_are_redacted_from_a_text_of_kis() {
        // The first call makes the server issue the token that the second one shows.
        refused("nothing");
        var shown = kis.server().calls().getLast();
        var secrets = shown.header("appkey") + " " + shown.header("appsecret") + " " + shown.header("authorization");
        assertThat(secrets.length()).isGreaterThan(40);

        assertThat(refused("sent: " + secrets)).isEqualTo("sent: *** *** Bearer ***");
    }

    @Test
    void every_secret_of_the_client_is_redacted_from_a_text_of_kis() {
        refused("nothing");
        assertThat(refused("for " + Fixtures.ACCOUNT.cano() + "-01: \\u0050LANTEDTOKEN"))
                .isEqualTo("for ***-01: ***");
    }

    @ParameterizedTest
    @ValueSource(ints = {11, 24, 30})
    void parts_of_a_secret_are_redacted(int length) {
        var secret = Fixtures.APP_KEY;
        var separated = secret.replaceAll("(.{" + length + "})", "$1\\\\u0001");

        assertThat(refused("cut: " + secret.substring(0, 24) + ", separated: " + separated + "."))
                .isEqualTo("cut: ***, separated: ***.");
        assertThat(refused("a short part: " + secret.substring(0, 11))).endsWith(secret.substring(0, 11));
    }

    @Test
    void every_secret_is_redacted_from_the_texts_of_a_token_request() {
        kis.server().token = RawServer.json(
                403,
                "{\"error_code\":\"EGW00103\",\"error_description\":\"no: " + Fixtures.APP_KEY + ", "
                        + Fixtures.APP_SECRET + ", " + Fixtures.ACCOUNT.cano() + "\"}");
        var recorder = new Recorder();
        InstantSource clock = InstantSource.system();
        try (var client = KisClient.open(
                Fixtures.config(kis.server().address(), Fixtures.unreachable("ws"), folder.resolve("another")),
                clock,
                clock,
                recorder)) {
            client.start();
            recorder.awaitEvent("token_failed");
            assertThat(recorder.events)
                    .filteredOn(KisEvent.TokenFailed.class::isInstance)
                    .first()
                    .asString()
                    .contains("no: ***, ***, ***");
        }
    }

    @Test
    void issued_tokens_and_approval_keys_are_redacted_from_texts_only() {
        var secrets = new SecretRedactor(new Credentials(
                Secret.of(Fixtures.APP_KEY), Secret.of(Fixtures.APP_SECRET), Fixtures.ACCOUNT, Optional.empty()));
        secrets.addSecret(Secret.of("approval-key-1"));
        secrets.addSecret(Secret.of("Bearer token-of-today"));
        var cano = Fixtures.ACCOUNT.cano();

        assertThat(secrets.redactTexts("{\"CANO\":\"" + cano + "\",\"msg1\" : \"approval\\u002dkey-1, " + cano
                        + ", token-of-today \\\"x\\\"\",\"ODNO\":\"" + cano + "\"}"))
                .isEqualTo(
                        "{\"CANO\":\"" + cano + "\",\"msg1\" : \"***, ***, *** \\\"x\\\"\",\"ODNO\":\"" + cano + "\"}");
        var ack = new SessionCore.Input.Ack(
                1, "H0STCNT0", "005930", "1", "OPSP0001", "bad approval-key-1 of " + cano, false);
        assertThat(ack.redacted(secrets::redact).msg1()).isEqualTo("bad *** of ***");
    }

    /** All of them are the same field to the parser of answers. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"MSG1\":\"of 87654321\"",
                "\"Msg1\" : \"of 87654321\"",
                "\"m\\u0073g1\":\"of 87654321\"",
                "\"msg1\":87654321",
                "\"x\":\"a\\\\\",\"msg1\":\"of 87654321\"",
                "\"x\":\"q\\\":\",\"msg1\":\"of 87654321\""
            })
    void a_text_is_redacted_however_its_field_is_spelt(String field) {
        kis.server().script.add(RawServer.json(200, "{\"rt_cd\":\"7\",\"msg_cd\":\"APBK0919\"," + field + "}"));

        var placement = kis.live().overseas().place(order());

        assertThat(((Placement.Refused) placement).message()).endsWith("***").doesNotContain("87654321");
    }

    /** The caller's message when KIS refuses an order with this text. */
    private String refused(String text) {
        kis.server()
                .script
                .add(RawServer.json(200, "{\"rt_cd\":\"7\",\"msg_cd\":\"APBK0919\",\"msg1\":\"" + text + "\"}"));
        return ((Placement.Refused) kis.live().overseas().place(order())).message();
    }

    private static OverseasOrder order() {
        var apple = OverseasSymbol.parse("AAPL.NASD").orElseThrow();
        return new OverseasOrder(apple, Side.BUY, OverseasOrderType.LIMIT, 3, new BigDecimal("145.00"));
    }
}

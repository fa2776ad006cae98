package kr.kisgateway.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Path;
import kr.kisgateway.market.Side;
import kr.kisgateway.wire.OverseasSymbol;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a server, or a proxy before it, writes into its texts. */
class UpstreamTextTest {
    @TempDir
    private Path folder;

    private Scripted kis;

    @BeforeEach
    void start() {
        kis = Scripted.open(folder);
    }

    @AfterEach
    void stop() throws IOException {
        kis.close();
    }

    @Test
    void a_text_of_kis_is_cut_and_freed_of_control_characters() {
        var message = refused("bad\\n2026-11-20 INFO forged\\u001b[2J\\u0085\\u2028" + "x".repeat(20_000));

        assertThat(message).startsWith("bad 2026-11-20 INFO forged [2J").hasSize(500);
        assertThat(message.chars()).noneMatch(c -> c < ' ' || (c >= 0x7f && c <= 0x9f) || c == 0x2028);
    }

    @Test
    void what_the_request_carried_as_secrets_is_not_in_a_text_of_kis() {
        // The first call has the server issue the token that the second one shows.
        refused("nothing");
        var shown = kis.server().calls().getLast();
        var secrets = shown.header("appkey") + " " + shown.header("appsecret") + " " + shown.header("authorization");
        assertThat(secrets.length()).isGreaterThan(40);

        assertThat(refused("sent: " + secrets)).isEqualTo("sent: *** *** Bearer ***");
    }

    /** What the caller reads when KIS refuses an order with this text. */
    private String refused(String text) {
        kis.server()
                .script
                .add(RawServer.json(200, "{\"rt_cd\":\"7\",\"msg_cd\":\"APBK0919\",\"msg1\":\"" + text + "\"}"));
        var apple = OverseasSymbol.parse("AAPL.NASD").orElseThrow();
        var order = new OverseasOrder(apple, Side.BUY, OverseasOrderType.LIMIT, 3, new BigDecimal("145.00"));
        return ((Placement.Refused) kis.live().overseas().place(order)).message();
    }
}

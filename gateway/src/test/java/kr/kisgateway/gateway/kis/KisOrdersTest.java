package kr.kisgateway.gateway.kis;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import kr.kisgateway.client.KisReply;
import kr.kisgateway.gateway.order.Broker.Listed;
import kr.kisgateway.gateway.order.Broker.Listing;
import kr.kisgateway.market.Side;
import kr.kisgateway.market.Symbol;
import kr.kisgateway.wire.parse.DailyOrderRow;
import org.junit.jupiter.api.Test;

class KisOrdersTest {
    private static Listed.Kind kind(long original, String name) {
        var row = new DailyOrderRow(
                "20261120",
                "06010",
                200,
                original,
                Side.BUY,
                new Symbol("005930"),
                10,
                70_000,
                "100000",
                0,
                BigDecimal.ZERO,
                0,
                0,
                10,
                0,
                "00",
                "KRX",
                name);
        var listing = KisOrders.listing(Instant.EPOCH, new KisReply.Ok<>(List.of(row)));
        return ((Listing.Complete) listing).orders().getFirst().kind();
    }

    @Test
    void a_change_is_no_order_of_its_own_even_when_kis_gives_no_original_number() {
        assertThat(kind(0, "매수취소*")).isEqualTo(Listed.Kind.CANCEL);
        assertThat(kind(0, "매수정정*")).isEqualTo(Listed.Kind.MODIFY);
        assertThat(kind(0, "현금매수")).isEqualTo(Listed.Kind.ORDER);
        assertThat(kind(0, "BUY REJECT")).isEqualTo(Listed.Kind.ORDER);
    }

    @Test
    void what_replaces_another_and_is_no_modification_takes_something_away_whatever_kis_calls_it() {
        assertThat(kind(101, "매수정정*")).isEqualTo(Listed.Kind.MODIFY);
        assertThat(kind(101, "BUY AMEND*")).isEqualTo(Listed.Kind.MODIFY);
        assertThat(kind(101, "현금매수")).isEqualTo(Listed.Kind.CANCEL);
    }
}

package kr.kisgateway.gateway.kis.rest;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import kr.kisgateway.client.KisReply;
import kr.kisgateway.gateway.order.Broker.BrokerOrder;
import kr.kisgateway.gateway.order.Broker.DailyOrders;
import kr.kisgateway.market.Side;
import kr.kisgateway.market.Symbol;
import kr.kisgateway.wire.parse.DailyOrderRow;
import org.junit.jupiter.api.Test;

class KisOrdersTest {
    private static BrokerOrder.Kind kind(long original, String name) {
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
                name,
                Optional.empty());
        var listing = KisOrders.listing(Instant.EPOCH, new KisReply.Ok<>(List.of(row)));
        return ((DailyOrders.Complete) listing).orders().getFirst().kind();
    }

    @Test
    void a_modification_or_cancel_is_no_order_of_its_own_even_without_an_original_number() {
        assertThat(kind(0, "매수취소*")).isEqualTo(BrokerOrder.Kind.CANCEL);
        assertThat(kind(0, "매수정정*")).isEqualTo(BrokerOrder.Kind.MODIFY);
        assertThat(kind(0, "현금매수")).isEqualTo(BrokerOrder.Kind.ORDER);
        assertThat(kind(0, "BUY REJECT")).isEqualTo(BrokerOrder.Kind.ORDER);
    }

    @Test
    void a_replacement_that_is_no_modification_reduces_the_order_whatever_kis_names_it() {
        assertThat(kind(101, "매수정정*")).isEqualTo(BrokerOrder.Kind.MODIFY);
        assertThat(kind(101, "BUY AMEND*")).isEqualTo(BrokerOrder.Kind.MODIFY);
        assertThat(kind(101, "현금매수")).isEqualTo(BrokerOrder.Kind.CANCEL);
    }
}

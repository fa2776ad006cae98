package kr.kisgateway.gateway.stream;

import java.math.BigDecimal;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import kr.kisgateway.api.stream.StreamExecution;
import kr.kisgateway.api.stream.StreamOrder;

/** Orders and executions as the order desk publishes them on the stream. */
final class OrderMessages {
    private static final OffsetDateTime TIME = OffsetDateTime.parse("2026-11-20T09:05:01+09:00");

    private OrderMessages() {}

    static StreamExecution execution(String accountId, long seq, String execId) {
        return new StreamExecution(
                "executions",
                "005930",
                seq,
                accountId,
                "O1",
                "005930",
                "BUY",
                execId,
                "FILL",
                1,
                BigDecimal.valueOf(70_000),
                BigDecimal.valueOf(70_000),
                "KRW",
                "0000100005",
                Optional.of("090501"),
                "NOTICE",
                Optional.of("KRX"),
                "FILLED",
                1,
                1_763_597_101_000L);
    }

    static StreamOrder order(String accountId, long seq, String orderId, boolean snapshot) {
        return new StreamOrder(
                "orders",
                "005930",
                snapshot,
                orderId,
                "SENT",
                Optional.empty(),
                BigDecimal.valueOf(1_763_597_101),
                accountId,
                "005930",
                "BUY",
                1,
                "LIMIT",
                "REGULAR",
                "DAY",
                Optional.of(BigDecimal.valueOf(70_000)),
                OptionalLong.empty(),
                "KRW",
                "KRX",
                Optional.empty(),
                Optional.empty(),
                0,
                1,
                Optional.empty(),
                Optional.of("0000100005"),
                false,
                Optional.of("bot"),
                Optional.empty(),
                List.of("0000100005"),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                "k1",
                LocalDate.of(2026, 11, 20),
                TIME,
                TIME,
                seq,
                List.of());
    }
}

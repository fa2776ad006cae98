package kr.kisgateway.gateway.face;

import java.time.InstantSource;
import java.time.LocalTime;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import kr.kisgateway.api.error.ErrorCode;
import kr.kisgateway.edge.AnyPathListener.Answer;
import kr.kisgateway.gateway.error.Refusal;
import kr.kisgateway.gateway.order.Order;
import kr.kisgateway.market.Market;
import kr.kisgateway.market.TradingCalendar;

/** Refusals of orders in KIS's words: those of KIS as it gave them, those of the gateway with the code of KIS's family for it. */
final class OrderRefusals {
    private static final int ERROR = 500;

    private final boolean paper;
    private final InstantSource clock;
    private final TradingCalendar calendar;

    /** @param paper whether KIS's paper trading is behind the desk */
    OrderRefusals(boolean paper, InstantSource clock, TradingCalendar calendar) {
        this.paper = paper;
        this.clock = clock;
        this.calendar = calendar;
    }

    /**
     * An accepted reservation. KIS's code for one is not documented: that of an accepted order [assumed].
     *
     * @param output of KIS's answer
     */
    Answer.Text accepted(Map<String, String> output) {
        var body = paper
                ? FaceAnswers.ledger("0", "40600000", "모의투자 매수주문이 완료 되었습니다.")
                : FaceAnswers.ledger("0", "APBK0013", "주문 전송 완료 되었습니다.");
        body.put("output", output);
        return FaceAnswers.json(body);
    }

    /** What is wrong with the fields of an order of US stocks. */
    Optional<Answer.Text> refusal(UsOrderFields fields) {
        if (!fields.isUs()) {
            return Optional.of(unsupported("게이트웨이는 해외주식 중 미국 주식만 주문합니다."));
        }
        if (fields.symbol().isEmpty()) {
            return Optional.of(refused(OrderCode.UNKNOWN_SYMBOL));
        }
        if (fields.qty().orElse(0) == 0) {
            return Optional.of(FaceAnswers.invalidField(fields.qtyName()));
        }
        if (!fields.hasPrice()) {
            return Optional.of(FaceAnswers.invalidField(fields.priceName()));
        }
        if (fields.kind().isEmpty()) {
            return Optional.of(refused(OrderCode.UNKNOWN_KIND, "주문구분을 확인하십시오."));
        }
        // A sale, or an order that is split over time, must not become an ordinary purchase.
        if (!fields.isOrdinary()) {
            return Optional.of(unsupported("게이트웨이가 아직 지원하지 않는 주문유형입니다."));
        }
        if (fields.price().isEmpty()) {
            return Optional.of(refused(OrderCode.OFF_TICK, "주문단가의 호가단위를 확인하십시오."));
        }
        boolean priced = fields.kind().get().type().isPriced();
        boolean hasPrice = fields.price().getAsLong() != 0;
        if (priced && !hasPrice) {
            return Optional.of(refused(OrderCode.NO_PRICE, "주문단가를 입력 하십시오"));
        }
        return priced || !hasPrice
                ? Optional.empty()
                : Optional.of(refused(OrderCode.NO_PRICE, "시장가류 주문의 주문단가는 0 이어야 합니다."));
    }

    static Answer.Text unsupported(String text) {
        return FaceAnswers.refused(ERROR, "IGW00007", text + " [UNSUPPORTED]");
    }

    Answer.Text refused(OrderCode code) {
        return refused(code, FaceAnswers.text(code.of(paper)));
    }

    Answer.Text refused(OrderCode code, String text) {
        return ledgerRefused(code.of(paper), text);
    }

    private Answer.Text ledgerRefused(String code, String text) {
        return FaceAnswers.ledgerRefused(paper ? "1" : "7", code, text);
    }

    /** KIS's own refusal: code and text as KIS gave them. */
    Answer.Text refused(Order order) {
        String reason = order.reason().orElseGet(() -> OrderCode.NOT_PERMITTED.of(paper));
        int space = reason.indexOf(' ');
        return space < 0
                ? ledgerRefused(reason, FaceAnswers.text(reason))
                : ledgerRefused(reason.substring(0, space), reason.substring(space + 1));
    }

    /** A refusal of the gateway, with the code of KIS's family that clients know for it. */
    Answer.Text refused(Refusal refusal) {
        String text = refusal.code().koreanCause() + " [" + refusal.code() + "]";
        return switch (refusal.code()) {
            case OUT_OF_TRADING_WINDOW -> refused(closed(refusal), text);
            case INSUFFICIENT_CASH -> refused(OrderCode.NOT_ENOUGH_CASH, text);
            case INSUFFICIENT_POSITION_QTY ->
                refused(
                        Objects.equals(refusal.details().get("sellable"), 0L)
                                ? OrderCode.NO_HOLDING
                                : OrderCode.TOO_MANY_SHARES,
                        text);
            case SYMBOL_NOT_FOUND, INVALID_SYMBOL -> refused(OrderCode.UNKNOWN_SYMBOL, text);
            case INVALID_TICK_SIZE -> refused(OrderCode.OFF_TICK, text);
            case PRICE_OUT_OF_LIMITS -> refused(OrderCode.OUTSIDE_LIMITS, text);
            case INVALID_PRICE -> refused(OrderCode.NO_PRICE, text);
            case INVALID_ORDER_TYPE, INVALID_CREDIT -> refused(OrderCode.UNKNOWN_KIND, text);
            case ORDER_NOT_FOUND -> refused(OrderCode.NO_ORIGINAL, text);
            case ORDER_ALREADY_TERMINAL, INVALID_TRANSITION -> refused(OrderCode.NOTHING_LEFT, text);
            case QUEUE_TIMEOUT, ORDER_RATE_LIMIT, NOT_SENT -> FaceAnswers.refused(ERROR, "EGW00201", text);
            case NOT_READY, JOURNAL_UNAVAILABLE, DISK_LOW -> FaceAnswers.refused(ERROR, "EGW00300", text);
            case ErrorCode other -> refused(OrderCode.NOT_PERMITTED, text);
        };
    }

    /** Why the market takes no order now. */
    private OrderCode closed(Refusal refusal) {
        if (Objects.equals(refusal.details().get("market"), Market.US.id())) {
            return OrderCode.US_CLOSED;
        }
        var now = clock.instant().atZone(TradingCalendar.SEOUL);
        if (!calendar.isTradingDay(now.toLocalDate())) {
            return OrderCode.CLOSED_DAY;
        }
        return now.toLocalTime().isBefore(LocalTime.NOON) ? OrderCode.TOO_EARLY : OrderCode.TOO_LATE;
    }
}

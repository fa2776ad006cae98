package kr.kisgateway.gateway.face;

import java.time.InstantSource;
import java.time.LocalTime;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import kr.kisgateway.api.error.ErrorCode;
import kr.kisgateway.edge.AnyPathListener.Answer;
import kr.kisgateway.gateway.error.Refusal;
import kr.kisgateway.gateway.order.Order;
import kr.kisgateway.market.Market;
import kr.kisgateway.market.TradingCalendar;

/** Refusals of orders in KIS's words: those of KIS as it gave them, those of the gateway with the code of KIS's family for it. */
final class OrderRefusals {
    private static final int ERROR = 500;
    private static final Pattern KIS_CODE = Pattern.compile("[A-Z0-9]{6,8}");

    private static final String NO_SLOT = "EGW00201";

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
            return Optional.of(refused(OrderCode.UNKNOWN_SYMBOL, ErrorCode.INVALID_SYMBOL));
        }
        if (fields.qty().orElse(0) == 0) {
            return Optional.of(FaceAnswers.invalidField(fields.qtyName()));
        }
        if (!fields.hasPrice()) {
            return Optional.of(FaceAnswers.invalidField(fields.priceName()));
        }
        if (fields.kind().isEmpty()) {
            return Optional.of(refused(OrderCode.UNKNOWN_KIND, ErrorCode.INVALID_ORDER_TYPE, "주문구분을 확인하십시오."));
        }
        // A sale, or an order that is split over time, must not become an ordinary purchase.
        if (!fields.isOrdinary()) {
            return Optional.of(unsupported("게이트웨이가 아직 지원하지 않는 주문유형입니다."));
        }
        if (fields.price().isEmpty()) {
            return Optional.of(refused(OrderCode.OFF_TICK, ErrorCode.INVALID_TICK_SIZE, "주문단가의 호가단위를 확인하십시오."));
        }
        boolean priced = fields.kind().get().type().isPriced();
        boolean hasPrice = fields.price().getAsLong() != 0;
        if (priced && !hasPrice) {
            return Optional.of(refused(OrderCode.NO_PRICE, ErrorCode.PRICE_REQUIRED_FOR_LIMIT, "주문단가를 입력 하십시오"));
        }
        return priced || !hasPrice
                ? Optional.empty()
                : Optional.of(refused(
                        OrderCode.NO_PRICE, ErrorCode.PRICE_NOT_ALLOWED_FOR_MARKET, "시장가류 주문의 주문단가는 0 이어야 합니다."));
    }

    static Answer.Text unsupported(String text) {
        return FaceAnswers.refused(ERROR, "IGW00007", FaceAnswers.withCode(text, "UNSUPPORTED"));
    }

    /** A refusal of the gateway with KIS's text for such a case. */
    Answer.Text refused(OrderCode code, ErrorCode own) {
        return refused(code, own, FaceAnswers.text(code.of(paper)));
    }

    /**
     * A refusal of the gateway.
     *
     * @param code of KIS's family for such a case
     * @param own the gateway's code, with which the text ends
     */
    Answer.Text refused(OrderCode code, ErrorCode own, String text) {
        return ledgerRefused(code.of(paper), FaceAnswers.withCode(text, own.name()));
    }

    /** The gateway could not send it in time: KIS's code for too many calls. */
    static Answer.Text noSlot() {
        return FaceAnswers.refused(ERROR, NO_SLOT, FaceAnswers.text(NO_SLOT), ErrorCode.QUEUE_TIMEOUT);
    }

    private Answer.Text ledgerRefused(String code, String text) {
        return FaceAnswers.ledgerRefused(paper ? "1" : "7", code, text);
    }

    /** KIS's own refusal: code and text as KIS gave them. Another reason is the gateway's, which did not send it. */
    Answer.Text refused(Order order) {
        String reason = order.reason().orElse("");
        int space = reason.indexOf(' ');
        String code = space < 0 ? reason : reason.substring(0, space);
        if (!KIS_CODE.matcher(code).matches()) {
            return refused(OrderCode.NOT_PERMITTED, ErrorCode.NOT_SENT, "주문이 전송되지 않고 종료되었습니다.");
        }
        return ledgerRefused(code, space < 0 ? FaceAnswers.text(code) : reason.substring(space + 1));
    }

    /** A refusal of the gateway, with the code of KIS's family that clients know for it. */
    Answer.Text refused(Refusal refusal) {
        ErrorCode own = refusal.code();
        String text = text(refusal);
        return switch (own) {
            case OUT_OF_TRADING_WINDOW -> refused(closed(refusal), own, text);
            case INSUFFICIENT_CASH -> refused(OrderCode.NOT_ENOUGH_CASH, own, text);
            case INSUFFICIENT_POSITION_QTY ->
                refused(
                        Objects.equals(refusal.details().get("sellable"), 0L)
                                ? OrderCode.NO_HOLDING
                                : OrderCode.TOO_MANY_SHARES,
                        own,
                        text);
            case SYMBOL_NOT_FOUND, INVALID_SYMBOL -> refused(OrderCode.UNKNOWN_SYMBOL, own, text);
            case INVALID_TICK_SIZE -> refused(OrderCode.OFF_TICK, own, text);
            case PRICE_OUT_OF_LIMITS -> refused(OrderCode.OUTSIDE_LIMITS, own, text);
            case INVALID_PRICE -> refused(OrderCode.NO_PRICE, own, text);
            case INVALID_ORDER_TYPE, INVALID_CREDIT -> refused(OrderCode.UNKNOWN_KIND, own, text);
            case ORDER_NOT_FOUND -> refused(OrderCode.NO_ORIGINAL, own, text);
            case ORDER_ALREADY_TERMINAL, INVALID_TRANSITION -> refused(OrderCode.NOTHING_LEFT, own, text);
            case QUEUE_TIMEOUT, ORDER_RATE_LIMIT, NOT_SENT -> FaceAnswers.refused(ERROR, NO_SLOT, text, own);
            case NOT_READY, AUDIT_UNAVAILABLE, DISK_LOW -> FaceAnswers.refused(ERROR, "EGW00300", text, own);
            // It may be done yet, and without a key of its own a repeated request is another one.
            case JOURNAL_UNAVAILABLE -> FaceAnswers.refused(ERROR, "EGW00301", FaceAnswers.text("EGW00301"), own);
            case ErrorCode other -> refused(OrderCode.NOT_PERMITTED, other, text);
        };
    }

    /** What is wrong, in Korean. A client of KIS gets neither the details nor the message of the refusal. */
    private static String text(Refusal refusal) {
        return switch (refusal.code()) {
            case INVALID_TICK_SIZE -> "호가단위에 맞지 않는 가격입니다." + figures(refusal, "nearest", " 가까운 유효 가격: ");
            case NOT_READY -> "지금은 주문할 수 없습니다." + figures(refusal, "blockers", " 차단 사유: ");
            case INVALID_ORDER_TYPE -> "없는 주문 유형·세션·유효 조건·거래소이거나 함께 쓸 수 없는 조합입니다.";
            case BATCH_FAILED -> "일괄 주문이 한 건도 접수되지 않았습니다.";
            case ErrorCode other -> other.koreanCause();
        };
    }

    /** The values of a detail behind their name; empty where the refusal has none. */
    private static String figures(Refusal refusal, String detail, String name) {
        return refusal.details().get(detail) instanceof List<?> values && !values.isEmpty()
                ? values.stream().map(String::valueOf).collect(Collectors.joining(", ", name, "."))
                : "";
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

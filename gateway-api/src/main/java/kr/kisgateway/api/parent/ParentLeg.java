package kr.kisgateway.api.parent;

import java.math.BigDecimal;
import java.time.OffsetDateTime;
import java.util.Optional;
import kr.kisgateway.api.instrument.AnySymbol;
import kr.kisgateway.api.order.OrderType;
import kr.kisgateway.api.order.Side;
import kr.kisgateway.api.schema.OmittedWhenEmpty;
import kr.kisgateway.api.schema.OneOf;

/**
 * One order of a parent order. | 예약을 이루는 주문 하나.
 *
 * @param role {@code ENTRY} opens a position, {@code TAKE_PROFIT} and {@code STOP} close it, {@code ORDER} depends on no other. |
 *     역할. ENTRY 진입, TAKE_PROFIT 이익 실현, STOP 손절, ORDER 독립 주문.
 * @param status {@code WAITING} for its condition, {@code HELD} until somebody decides, {@code TRIGGERED} and about to be placed,
 *     {@code WORKING} while the order is open, then the status in which the order ended; {@code NOT_PLACED}, {@code REFUSED},
 *     {@code MISSED} or {@code EXPIRED} when none was placed. | 상태. WAITING 조건 대기, HELD 결정 대기, TRIGGERED 조건 충족, WORKING 주문 진행 중,
 *     이후 주문의 최종 상태. 접수하지 않았으면 NOT_PLACED, REFUSED, MISSED, EXPIRED.
 * @param symbol Symbol of the order. | 종목코드.
 * @param side {@code BUY} or {@code SELL}. | 매매구분.
 * @param qty Shares of the order; of an exit that is not placed yet, the most it may have. | 주문수량. 접수 전의 청산 주문은 최대 수량.
 * @param orderType Type of the order. | 주문 유형.
 * @param price Limit price; null for a type without one. | 주문가격. 가격이 없는 유형은 null.
 * @param orderId Id of its order, of {@code GET /v1/orders/{id}}; null before it is about to be placed. | 주문 ID. 접수 전에는 null.
 * @param filledQty Shares that its orders which have ended filled. | 종료된 주문의 체결수량.
 * @param at When it is placed; null without a time. | 접수 시각. 없으면 null.
 * @param watched Symbol whose price it waits for; null without one. | 가격을 지켜보는 종목. 없으면 null.
 * @param watchedVenue Venue whose prices of it are watched: NXT, or UNIFIED for KRX and NXT together; left out for the main
 *     prices. | 가격을 지켜보는 거래소. NXT 넥스트레이드, UNIFIED 통합(KRX+NXT). 기본 시세는 생략.
 * @param direction {@code AT_OR_ABOVE} or {@code AT_OR_BELOW} that price; null without one. | 가격 방향. AT_OR_ABOVE 이상, AT_OR_BELOW 이하.
 *     없으면 null.
 * @param trail How far it follows the best price; null of a fixed one. | 추적 간격. 고정 가격이면 null.
 * @param triggerPrice Price that triggers it; of a trailing one it moves with the best price, and is null before the first. | 조건
 *     가격. 추적 조건이면 최고(최저)가를 따라 움직이며 첫 가격 전에는 null.
 * @param triggeredAt Price of the trade that triggered it; null before. | 조건을 충족한 체결가. 전에는 null.
 * @param afterFillOf Order whose fill it waits for; null without one. | 체결을 기다리는 주문. 없으면 null.
 * @param reason Why it ended, or places no order; null while neither is known. | 종료 또는 미접수 사유. 없으면 null.
 */
public record ParentLeg(
        @OneOf({"ORDER", "ENTRY", "TAKE_PROFIT", "STOP"}) String role,

        @OneOf({
            "WAITING",
            "HELD",
            "TRIGGERED",
            "WORKING",
            "FILLED",
            "CANCELED",
            "REJECTED",
            "EXPIRED",
            "NOT_PLACED",
            "REFUSED",
            "MISSED"
        })
        String status,

        @AnySymbol String symbol,
        @Side String side,
        long qty,
        @OrderType String orderType,
        Optional<BigDecimal> price,
        Optional<String> orderId,
        long filledQty,
        Optional<OffsetDateTime> at,
        Optional<String> watched,
        @OneOf({"NXT", "UNIFIED"}) @OmittedWhenEmpty Optional<String> watchedVenue,
        Optional<@OneOf({"AT_OR_ABOVE", "AT_OR_BELOW"}) String> direction,
        Optional<Trail> trail,
        Optional<BigDecimal> triggerPrice,
        Optional<BigDecimal> triggeredAt,
        Optional<String> afterFillOf,
        Optional<String> reason) {}

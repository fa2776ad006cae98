package kr.kisgateway.api.market;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import kr.kisgateway.api.schema.OneOf;

/**
 * Session of KRX, NXT or a US market. KRX: those of MarketSession. NXT: {@code PRE_MARKET}, {@code BREAK} (no order is
 * accepted), {@code REGULAR} (its main market), {@code AFTER_INTAKE} (orders collect for the after-market),
 * {@code AFTER_MARKET}, {@code CLOSED}. US markets: those of UsMarketSession. | KRX, NXT 또는 미국 시장의 장 구분. KRX:
 * MarketSession의 값. NXT: {@code PRE_MARKET}(프리마켓), {@code BREAK}(휴식, 주문 불가), {@code REGULAR}(메인마켓),
 * {@code AFTER_INTAKE}(애프터마켓 주문 접수), {@code AFTER_MARKET}(애프터마켓), {@code CLOSED}(장 종료). 미국: UsMarketSession의 값.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.RECORD_COMPONENT, ElementType.TYPE_USE})
@OneOf({
    "CLOSED",
    "PRE_OPEN_AUCTION",
    "REGULAR",
    "CLOSING_AUCTION",
    "AFTER_HOURS",
    "AFTER_HOURS_SINGLE_PRICE",
    "AFTER_MARKET",
    "PRE_MARKET",
    "BREAK",
    "AFTER_INTAKE",
    "DAY_MARKET",
    "PRE",
    "AFTER"
})
public @interface AnySession {}

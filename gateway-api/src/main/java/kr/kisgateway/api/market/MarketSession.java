package kr.kisgateway.api.market;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import kr.kisgateway.api.schema.OneOf;

/**
 * Session of KRX: {@code CLOSED}, {@code PRE_OPEN_AUCTION} (opening auction), {@code REGULAR} (continuous trading),
 * {@code CLOSING_AUCTION}, {@code AFTER_HOURS} (at the close price), {@code AFTER_HOURS_SINGLE_PRICE} (single-price
 * auctions, until 2026-09-13), {@code AFTER_MARKET} (since 2026-09-14). | KRX의 장 구분: {@code CLOSED}(장 종료),
 * {@code PRE_OPEN_AUCTION}(장전 동시호가), {@code REGULAR}(정규장), {@code CLOSING_AUCTION}(장마감 동시호가), {@code AFTER_HOURS}(장후
 * 시간외종가), {@code AFTER_HOURS_SINGLE_PRICE}(시간외단일가, 2026-09-13까지), {@code AFTER_MARKET}(애프터마켓, 2026-09-14부터).
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
    "AFTER_MARKET"
})
public @interface MarketSession {}

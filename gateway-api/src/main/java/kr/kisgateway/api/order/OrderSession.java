package kr.kisgateway.api.order;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import kr.kisgateway.api.schema.OneOf;

/**
 * Session in which an order trades: {@code REGULAR} (the venue's day; on NXT from its pre-market to its after-market),
 * {@code PRE_OPEN} (at yesterday's close, KRX), {@code AFTER_HOURS} (at today's close, KRX), {@code AFTER_MARKET} (KRX),
 * {@code NXT_PRE} (only NXT's pre-market), {@code NXT_AFTER}, {@code DAY_MARKET} (the day market of US stocks). | 거래 세션(REGULAR 정규장 · NXT 는 프리마켓부터 애프터마켓까지, PRE_OPEN 장전
 * 시간외종가, AFTER_HOURS 장후 시간외종가, AFTER_MARKET KRX 애프터마켓, NXT_PRE NXT 프리마켓 한정, NXT_AFTER NXT 애프터마켓,
 * DAY_MARKET 미국 주간거래).
 */
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.RECORD_COMPONENT, ElementType.TYPE_USE})
@OneOf({"REGULAR", "PRE_OPEN", "AFTER_HOURS", "AFTER_MARKET", "NXT_PRE", "NXT_AFTER", "DAY_MARKET"})
public @interface OrderSession {}

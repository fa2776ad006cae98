package kr.kisgateway.api.market;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import kr.kisgateway.api.schema.OneOf;

/**
 * Session of the US markets as a Korean broker offers it: {@code CLOSED}, {@code DAY_MARKET} (New York's night),
 * {@code PRE} (pre-market), {@code REGULAR}, {@code AFTER} (after-market). | 국내 증권사가 제공하는 미국 시장의 장 구분: {@code CLOSED}(장
 * 종료), {@code DAY_MARKET}(주간거래, 뉴욕의 밤), {@code PRE}(프리마켓), {@code REGULAR}(정규장), {@code AFTER}(애프터마켓).
 */
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.RECORD_COMPONENT, ElementType.TYPE_USE})
@OneOf({"CLOSED", "DAY_MARKET", "PRE", "REGULAR", "AFTER"})
public @interface UsMarketSession {}

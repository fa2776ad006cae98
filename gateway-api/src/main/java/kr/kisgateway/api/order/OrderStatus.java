package kr.kisgateway.api.order;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import kr.kisgateway.api.schema.OneOf;

/**
 * Status of an order. {@code QUEUED}: accepted and durable, not sent yet. {@code DISPATCHING}: being sent.
 * {@code SENT}: accepted by KIS. {@code MODIFY_PENDING}, {@code CANCEL_PENDING}: a modification or cancel is not
 * settled yet. {@code UNKNOWN}: sent, and it is not known whether KIS accepted it; it is never sent again.
 * {@code FILLED}, {@code CANCELED}, {@code REJECTED} and {@code EXPIRED} are terminal. | 주문 상태. QUEUED: 접수·기록 완료, 전송
 * 전. DISPATCHING: 전송 중. SENT: KIS 접수. PARTIAL_FILLED: 부분체결. MODIFY_PENDING, CANCEL_PENDING: 정정·취소 처리 중. UNKNOWN: 전송 후
 * 접수 여부 미확인이며 다시 전송하지 않습니다. FILLED(전량체결), CANCELED(취소), REJECTED(거부), EXPIRED(만료)는 종료 상태.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.RECORD_COMPONENT, ElementType.TYPE_USE})
@OneOf({
    "QUEUED",
    "DISPATCHING",
    "SENT",
    "PARTIAL_FILLED",
    "FILLED",
    "MODIFY_PENDING",
    "CANCEL_PENDING",
    "CANCELED",
    "REJECTED",
    "EXPIRED",
    "UNKNOWN"
})
public @interface OrderStatus {}

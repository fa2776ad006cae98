package kr.kisgateway.api.alert;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import kr.kisgateway.api.schema.OneOf;

/**
 * Level of an alert. P1: money may be at risk, act now. P2: something is wrong and is being handled. P3: for
 * information. An alert that a KIS code raises has the level of the severity of the code: critical P1, high P2, lower
 * P3. | 알림 등급. P1: 자금 위험 가능, 즉시 조치. P2: 이상 발생, 처리 중. P3: 참고. KIS 응답코드에 따른 알림은 코드 심각도를 따릅니다: critical P1, high P2, 그
 * 이하 P3.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.RECORD_COMPONENT, ElementType.TYPE_USE})
@OneOf({"P1", "P2", "P3"})
public @interface AlertLevel {}

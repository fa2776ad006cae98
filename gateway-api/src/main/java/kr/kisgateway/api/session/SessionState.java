package kr.kisgateway.api.session;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import kr.kisgateway.api.schema.OneOf;

/**
 * State of a session with KIS. IDLE: not started. CONNECTING: requesting an approval key or opening the socket.
 * ACTIVE: the socket is open. RECONNECTING: releasing before a deliberate close, or waiting for the next attempt.
 * CLOSED: closed for good. | KIS 세션 상태. IDLE 시작 전, CONNECTING 접속키 발급 또는 연결 중, ACTIVE 연결됨, RECONNECTING 등록 해제 중 또는 재시도
 * 대기, CLOSED 종료.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.RECORD_COMPONENT, ElementType.TYPE_USE})
@OneOf({"IDLE", "CONNECTING", "ACTIVE", "RECONNECTING", "CLOSED"})
public @interface SessionState {}

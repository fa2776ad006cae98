package kr.kisgateway.api.session;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import kr.kisgateway.api.schema.OneOf;

/**
 * Whether the gateway can trade, and what blocks it. | 주문 가능 상태와 거래 차단 사유.
 *
 * @param requiredEnvMissing Names of the settings that live trading requires and that are not set accordingly. |
 *     실전투자에 필요하지만 그에 맞게 설정되지 않은 항목 이름.
 * @param wsConnected Whether the WebSocket of the trading app key is open; false from the moment a reconnect is
 *     requested. | 주문용 앱키의 웹소켓 접속 여부. 재접속을 요청한 시점부터 false.
 * @param wsLastError Last error of that WebSocket since it opened; null without one. | 연결 이후 웹소켓의 마지막 오류. 없으면 null.
 * @param canTrade Whether the gateway can trade: true without blockers. | 주문 가능 여부. 거래 차단 사유가 없으면 true.
 * @param blockerReasons Current blockers; empty when the gateway can trade. | 현재 거래 차단 사유. 주문 가능하면 빈 목록.
 * @param executionNotices How the gateway receives fills. | 체결 수신 방식.
 */
public record LiveReadiness(
        List<String> requiredEnvMissing,
        boolean wsConnected,
        Optional<String> wsLastError,
        boolean canTrade,
        List<@Blocker String> blockerReasons,
        ExecutionNotices executionNotices) {

    /**
     * How the gateway receives fills. {@code push}: KIS pushes execution notices. {@code poll}: KIS cannot push them
     * because no HTS id is set; its list of orders is requested every {@code interval_ms} while an order is open, and
     * {@code to_push} is the line of {@code .env} that changes this. | 체결 수신 방식. {@code push}: KIS 체결통보 실시간 수신.
     * {@code poll}: HTS ID 가 설정되지 않아 체결통보를 받을 수 없으므로 미체결주문이 있는 동안 {@code interval_ms} 간격으로 주문 목록을 조회하며,
     * {@code to_push} 는 이를 바꾸는 {@code .env} 의 설정 행입니다.
     *
     * @param mode Delivery of fills: push or poll. | 체결 수신 방식. push 실시간 수신, poll 반복 조회.
     * @param intervalMs Interval of the requests for KIS's list of orders in ms; null with push. | 주문 목록 조회 간격 (ms).
     *     push 이면 null.
     * @param toPush Line of {@code .env} that makes KIS push execution notices; null with push. | 체결통보를 실시간으로 받기 위한
     *     {@code .env} 설정 행. push 이면 null.
     */
    public record ExecutionNotices(
            @OneOf({"push", "poll"}) String mode, OptionalLong intervalMs, Optional<String> toPush) {}
}

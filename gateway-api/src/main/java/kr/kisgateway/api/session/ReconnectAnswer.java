package kr.kisgateway.api.session;

import kr.kisgateway.api.schema.OneOf;

/**
 * A reconnect that has begun, and the session at that moment. | 시작된 재접속과 그 시점의 세션 상태.
 *
 * @param success Always true: the reconnect has begun. | 항상 true. 재접속이 시작되었습니다.
 * @param mode Environment: sim (simulator), mock (paper trading) or live. | 환경. sim 시뮬레이터, mock 모의투자, live 실전투자.
 * @param owner Name of the gateway process that uses the session, as {@code gateway-4711}. | 세션을 사용하는 게이트웨이 프로세스 이름.
 *     예: {@code gateway-4711}.
 * @param state State of the session of the trading app key. | 주문용 앱키의 세션 상태.
 * @param source Current source of market data: kis-ws while the WebSocket of the trading app key is open, otherwise
 *     kis-rest. | 현재 시세 출처. 주문용 앱키의 웹소켓이 연결되어 있으면 kis-ws, 아니면 kis-rest.
 * @param opensInMs Minimum time in ms until the socket of the trading app key is opened again. | 주문용 앱키의 소켓이 다시
 *     열리기까지의 최소 시간 (ms).
 */
public record ReconnectAnswer(
        boolean success,
        @OneOf({"sim", "mock", "live"}) String mode,
        String owner,
        @SessionState String state,
        @OneOf({"kis-ws", "kis-rest"}) String source,
        long opensInMs) {}

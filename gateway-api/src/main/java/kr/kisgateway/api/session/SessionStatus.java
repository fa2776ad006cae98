package kr.kisgateway.api.session;

import java.math.BigDecimal;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import kr.kisgateway.api.market.MarketSession;
import kr.kisgateway.api.schema.OneOf;

/**
 * Owner and state of the session with KIS. | KIS 세션의 소유자와 상태.
 *
 * @param mode Environment: sim (simulator), mock (paper trading) or live. | 환경. sim 시뮬레이터, mock 모의투자, live 실전투자.
 * @param owner Name of the gateway process that uses the session, as {@code gateway-4711}. | 세션을 사용하는 게이트웨이 프로세스 이름.
 *     예: {@code gateway-4711}.
 * @param state State of the session of the trading app key. | 주문용 앱키의 세션 상태.
 * @param source Current source of market data: kis-ws while the WebSocket of the trading app key is open, otherwise
 *     kis-rest. | 현재 시세 출처. 주문용 앱키의 웹소켓이 연결되어 있으면 kis-ws, 아니면 kis-rest.
 * @param leaseExpiresAt Epoch seconds at which the lease of the owner expires; null where one machine needs no lease.
 *     | 소유권 임대 만료 시각 (epoch 초). 단일 서버에서는 임대가 필요 없어 null.
 * @param market Current session of the Korean market. | 현재 국내 시장의 장 구분.
 * @param env Environment, the same as {@code mode}. | 환경. {@code mode} 와 동일.
 * @param appKeys App keys, the trading one first. | 앱키 목록. 주문용 앱키가 먼저.
 */
public record SessionStatus(
        @OneOf({"sim", "mock", "live"}) String mode,
        String owner,
        @SessionState String state,
        @OneOf({"kis-ws", "kis-rest"}) String source,
        Optional<BigDecimal> leaseExpiresAt,
        @MarketSession String market,
        @OneOf({"sim", "mock", "live"}) String env,
        List<AppKey> appKeys) {

    /**
     * An app key with its token, WebSocket and call budget. | 앱키별 접근토큰, 웹소켓, 호출 한도.
     *
     * @param id Id of the app key, K1 for the trading one. | 앱키 ID. 주문용 앱키는 K1.
     * @param owner Name of the gateway process that uses the app key, as {@code gateway-4711}. | 앱키를 사용하는 게이트웨이 프로세스
     *     이름. 예: {@code gateway-4711}.
     * @param tokenExpiresAt When the access token expires; null without a token. | 접근토큰 만료 시각. 토큰이 없으면 null.
     * @param wsState State of its WebSocket: IDLE, APPROVING (requesting an approval key), CONNECTING, OPEN,
     *     RELEASING (before a deliberate close), WAITING (for the next attempt), EXHAUSTED (ten attempts failed) or
     *     CLOSED. | 웹소켓 상태. IDLE 시작 전, APPROVING 접속키 발급 중, CONNECTING 연결 중, OPEN 연결됨, RELEASING 등록 해제 중, WAITING 재시도
     *     대기, EXHAUSTED 10회 실패, CLOSED 종료.
     * @param registrations Registrations on its socket, execution notices included. | 실시간 등록 건수. 체결통보 포함.
     * @param registrationsMax Maximum registrations of its socket. | 최대 실시간 등록 건수.
     * @param callsLastSecond Calls to KIS in the last second. | 최근 1초간 KIS 호출 건수.
     * @param budget Call budget of the app key. | 앱키의 호출 한도.
     */
    public record AppKey(
            String id,
            String owner,
            Optional<OffsetDateTime> tokenExpiresAt,
            String wsState,
            long registrations,
            long registrationsMax,
            long callsLastSecond,
            Budget budget) {

        /**
         * Call budget of an app key and its use. | 앱키의 호출 한도와 사용 현황.
         *
         * @param limit Calls per second allowed at present. | 현재 초당 호출 한도.
         * @param ledgerCallsLastSecond Ledger calls (accounts and orders) of the last second. | 최근 1초간 원장 조회(계좌·주문)
         *     건수.
         * @param ledgerLimit Ledger calls per second allowed at present. | 현재 초당 원장 조회 한도.
         * @param waiting Callers that wait for a call slot. | 호출 슬롯 대기 건수.
         * @param timedOut Callers refused since the start for lack of a call slot. | 시작 이후 호출 슬롯이 없어 거부된 건수.
         * @param refusedByKis Calls that KIS refused for their rate since the start. | 시작 이후 KIS 가 호출 한도 초과로 거부한 건수.
         */
        public record Budget(
                long limit,
                long ledgerCallsLastSecond,
                long ledgerLimit,
                long waiting,
                long timedOut,
                long refusedByKis) {}
    }
}

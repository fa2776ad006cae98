package kr.kisgateway.api.session;

import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import kr.kisgateway.api.schema.OmittedWhenEmpty;
import kr.kisgateway.api.schema.OneOf;

/**
 * Allocation of KIS's registrations: which demands are pushed, which are polled, and why. A key restricted to some
 * symbols receives the demands of these alone. | 실시간 등록 배정 현황. 실시간 수신 대상, 반복 조회 대상과 그 사유. 종목이 제한된 API 키에는 해당 종목의 수요만
 * 제공됩니다.
 *
 * @param appKeys App keys, the trading one first. | 앱키 목록. 주문용 앱키가 먼저.
 * @param slots Registration slots of all sockets and their use. | 전체 소켓의 등록 슬롯과 사용 현황.
 * @param churn Limit on registrations requested per minute. | 분당 등록 요청 한도.
 * @param polling What is polled instead of pushed, and how often. | 반복 조회 현황.
 * @param demandCount Number of demands visible to the caller, of {@code symbol} if requested, also beyond
 *     {@code limit}. | 조회 가능한 수요 건수. {@code symbol} 지정 시 해당 종목만 집계하며 {@code limit} 을 넘는 건수도 포함.
 * @param demand Demands, the heaviest first; last come the statuses of Korean stocks whose trades are registered,
 *     which no caller requested. | 수요 목록. 가중치 내림차순이며, 체결이 등록된 국내 종목의 장운영정보(요청자 없음)는 마지막.
 */
public record SessionPool(
        List<AppKey> appKeys, Slots slots, Churn churn, Polling polling, long demandCount, List<Demand> demand) {

    /**
     * An app key with the registrations on its socket and its call budget. | 앱키별 등록 건수와 호출 한도.
     *
     * @param id Id of the app key, K1 for the trading one. | 앱키 ID. 주문용 앱키는 K1.
     * @param wsState State of its WebSocket: IDLE, APPROVING (requesting an approval key), CONNECTING, OPEN,
     *     RELEASING (before a deliberate close), WAITING (for the next attempt), EXHAUSTED (ten attempts failed) or
     *     CLOSED. | 웹소켓 상태. IDLE 시작 전, APPROVING 접속키 발급 중, CONNECTING 연결 중, OPEN 연결됨, RELEASING 등록 해제 중, WAITING 재시도
     *     대기, EXHAUSTED 10회 실패, CLOSED 종료.
     * @param registrations Registrations on its socket, execution notices included. | 실시간 등록 건수. 체결통보 포함.
     * @param registrationsMax Maximum registrations of its socket. | 최대 실시간 등록 건수.
     * @param callsLastSecond Calls to KIS in the last second. | 최근 1초간 KIS 호출 건수.
     * @param callsLimit Calls per second allowed at present. | 현재 초당 호출 한도.
     * @param waiting Callers that wait for a call slot. | 호출 슬롯 대기 건수.
     */
    public record AppKey(
            String id,
            String wsState,
            long registrations,
            long registrationsMax,
            long callsLastSecond,
            long callsLimit,
            long waiting) {}

    /**
     * Registration slots of all sockets and their use. | 전체 소켓의 등록 슬롯과 사용 현황.
     *
     * @param registrationsMax Registrations that all sockets take now, execution notices included. | 현재 전체 소켓의 최대 등록
     *     건수. 체결통보 포함.
     * @param notices Of these, registrations of execution notices, which never yield to a demand. | 그중 체결통보 등록 건수. 다른
     *     수요에 양보하지 않습니다.
     * @param taken Slots in use, without those of execution notices. | 사용 중인 등록 슬롯 수. 체결통보 제외.
     * @param statuses Of the slots in use, those of stock statuses (KIS_WS_MARKET_STATUS), which yield to any demand
     *     at once. | 사용 중인 슬롯 중 장운영정보 등록 건수 (KIS_WS_MARKET_STATUS). 다른 수요가 있으면 즉시 양보합니다.
     * @param free Free slots. | 남은 등록 슬롯 수.
     * @param kr Slots of Korean symbols; null where both countries share the slots. | 국내 종목의 등록 슬롯. 두 국가가 함께 쓰면 null.
     * @param us Slots of US symbols; null where both countries share the slots. | 미국 종목의 등록 슬롯. 두 국가가 함께 쓰면 null.
     * @param changesAt When the window of another market begins (KIS_WS_KR_HOURS); null when the sockets never change
     *     markets. | 다른 시장의 등록 시간대가 시작되는 시각 (KIS_WS_KR_HOURS). 바뀌지 않으면 null.
     */
    public record Slots(
            long registrationsMax,
            long notices,
            long taken,
            long statuses,
            long free,
            Optional<PoolSlots> kr,
            Optional<PoolSlots> us,
            Optional<OffsetDateTime> changesAt) {}

    /**
     * Limit on registrations requested per minute. | 분당 등록 요청 한도.
     *
     * @param perMinute Maximum registrations requested in any minute. | 1분간 최대 등록 요청 건수.
     * @param left Of these, registrations that may still be requested now. | 그중 현재 남은 등록 요청 건수.
     */
    public record Churn(long perMinute, long left) {}

    /**
     * What is polled instead of pushed, and how often. Symbols and intervals outside {@code us} are of Korean
     * symbols. | 반복 조회 현황. {@code us} 밖의 종목 수와 조회 간격은 국내 종목 기준.
     *
     * @param quotes Symbols whose price is polled, up to 30 per call (one in paper trading). | 현재가 반복 조회 종목 수. 호출당 최대
     *     30종목 (모의투자는 1종목).
     * @param quotesIntervalMs Interval at which each of these prices is polled, in ms. | 종목별 현재가 조회 간격 (ms).
     * @param books Symbols whose order book is polled, one per call. | 호가 반복 조회 종목 수. 호출당 1종목.
     * @param booksIntervalMs Interval at which each of these order books is polled, in ms. | 종목별 호가 조회 간격 (ms).
     * @param us Polling of US stocks. | 미국 주식 반복 조회 현황.
     * @param calls Polling calls to KIS since the start, of both countries. | 시작 이후 반복 조회 호출 건수. 국내와 미국 합계.
     * @param failed Of these, calls without an answer. | 그중 응답이 없는 건수.
     */
    public record Polling(
            long quotes,
            long quotesIntervalMs,
            long books,
            long booksIntervalMs,
            UsPolling us,
            long calls,
            long failed) {

        /**
         * Polling of US stocks, whose prices also take one call each. | 미국 주식 반복 조회 현황. 현재가도 종목당 1회 호출합니다.
         *
         * @param quotes US stocks whose price is polled, one per call. | 현재가 반복 조회 종목 수. 호출당 1종목.
         * @param quotesIntervalMs Interval at which each of these prices is polled, in ms. | 종목별 현재가 조회 간격 (ms).
         * @param books US stocks whose order book is polled, one per call. | 호가 반복 조회 종목 수. 호출당 1종목.
         * @param booksIntervalMs Interval at which each of these order books is polled, in ms. | 종목별 호가 조회 간격 (ms).
         */
        public record UsPolling(long quotes, long quotesIntervalMs, long books, long booksIntervalMs) {}
    }

    /**
     * One kind of data about one symbol that subscribers want, and how it is delivered. | 종목별 시세 수요와 수신 방식.
     *
     * @param symbol Symbol, Korean or US; for raw the key as KIS writes it, such as 0001 or DNASAAPL. | 종목코드. 국내 또는 미국.
     *     raw 는 0001, DNASAAPL 처럼 KIS 의 tr_key.
     * @param kind Kind of data: trades serves the channels quotes, trades and bars; books serves books; status has
     *     halts, interruptions and circuit breakers; raw has frames that programs of the KIS-compatible face receive as they
     *     are. | 데이터 종류. trades 는 quotes, trades, bars 채널, books 는 books 채널, status 는
     *     거래정지·변동성완화장치·서킷브레이커, raw 는 KIS 호환 포트로 그대로 전달하는 데이터.
     * @param venue Venue: NXT, or UNIFIED for KRX and NXT together; left out for the main prices and for raw feeds. | 거래소.
     *     NXT 넥스트레이드, UNIFIED 통합(KRX+NXT). 기본 시세와 raw 는 생략.
     * @param feed TR id of a raw feed; null for the other kinds. | raw 의 TR id. 다른 종류는 null.
     * @param mode Delivery mode: push, poll, or none for a status or a raw feed without a registration, which is never polled.
     *     | 수신 방식. push 실시간 수신, poll 반복 조회, none 등록되지 않은 장운영정보 또는 raw(반복 조회하지 않음).
     * @param reason Reason for the mode. Pushed: PINNED (KIS_WS_SYMBOLS names the symbol), DEMAND (it weighs enough),
     *     LINGERING (no subscriber is left). UNCONFIRMED: KIS has not confirmed the registration. Polled: NO_SLOTS
     *     (no socket takes registrations of this market now), REFUSED (KIS refused the registration recently), CHURN
     *     (the registrations of this minute are used up), RISING (it outweighs a registered demand, not yet for long
     *     enough), OUTWEIGHED (registered demands weigh as much or nearly), OVER_SHARE (only API keys above their
     *     share request it). Statuses: SPARE (a slot was left over), YIELDED (a status recently yielded its slot). |
     *     수신 방식의 사유. 실시간 수신: PINNED 설정(KIS_WS_SYMBOLS)에 지정, DEMAND 가중치 충족, LINGERING 구독자 없음. UNCONFIRMED: KIS 등록 응답
     *     대기. 반복 조회: NO_SLOTS 현재 이 시장의 등록을 받는 소켓 없음, REFUSED 최근 KIS 등록 거부, CHURN 분당 등록 요청 한도 소진, RISING 등록된 수요보다 무겁지만
     *     유지 시간 미달, OUTWEIGHED 등록된 수요의 가중치가 같거나 비슷함, OVER_SHARE 비율을 넘은 API 키만 요청. 장운영정보: SPARE 남는 슬롯 사용, YIELDED 최근
     *     슬롯 양보.
     * @param why Explanation of the reason in a sentence or two, in English. | 사유 설명 (영문 한두 문장).
     * @param appKey Id of the app key whose socket has the registration; null without one. | 등록된 소켓의 앱키 ID. 등록되지 않았으면
     *     null.
     * @param weight Weight of the demand; a heavier one is pushed sooner. | 수요 가중치. 클수록 먼저 실시간으로 등록됩니다.
     * @param listeners Subscriptions of stream clients. | 스트림 구독 수.
     * @param programs Registrations of programs at the KIS-compatible port, of which {@code listeners} has one or two
     *     each. | KIS 호환 포트 프로그램의 등록 수. {@code listeners} 에 각각 1~2건으로 포함.
     * @param pinned Whether KIS_WS_SYMBOLS names the symbol. | KIS_WS_SYMBOLS 지정 여부.
     * @param ordered Whether the gateway has an open order in the symbol. | 게이트웨이의 미체결주문 유무.
     * @param since Time since which {@code mode} applies. | 현재 {@code mode} 의 적용 시작 시각.
     */
    public record Demand(
            String symbol,
            @OneOf({"trades", "books", "status", "raw"}) String kind,
            @OneOf({"NXT", "UNIFIED"}) @OmittedWhenEmpty Optional<String> venue,
            Optional<String> feed,
            @OneOf({"push", "poll", "none"}) String mode,

            @OneOf({
                "PINNED",
                "DEMAND",
                "LINGERING",
                "UNCONFIRMED",
                "NO_SLOTS",
                "REFUSED",
                "CHURN",
                "RISING",
                "OUTWEIGHED",
                "OVER_SHARE",
                "SPARE",
                "YIELDED"
            })
            String reason,

            String why,
            Optional<String> appKey,
            long weight,
            long listeners,
            long programs,
            boolean pinned,
            boolean ordered,
            OffsetDateTime since) {}
}

package kr.kisgateway.api.quote;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Metrics of market data since the start: quotes, feed, Redis, stream and caches. | 시작 이후 시세 지표: 시세, 실시간 수신, Redis,
 * 스트림, 캐시.
 *
 * @param cachedSymbols Korean symbols with any cached value. | 값이 저장된 국내 종목 수.
 * @param wsMessages Korean trades and order books received. | 수신한 국내 체결·호가 건수.
 * @param upserts Korean values stored. | 저장한 국내 시세 건수.
 * @param staleSymbols Cached Korean symbols whose value is stale. | 저장된 값이 지연(STALE) 상태인 국내 종목 수.
 * @param restFallbacks Korean quotes for which a pushed value existed in push hours but was not fresh. | 실시간 수신 시간대에
 *     수신값이 있었으나 최신이 아니어서 조회로 응답한 국내 시세 건수.
 * @param wsConnected Whether the WebSocket of any app key is open. | 앱키의 웹소켓 접속 여부 (하나 이상).
 * @param wsHeartbeatFresh Whether it is open and something was received within QUOTE_HEARTBEAT. | 접속되어 있고
 *     QUOTE_HEARTBEAT 이내에 수신이 있었는지 여부.
 * @param lastWsMessageTs Epoch seconds of the last message, of several sockets the one silent for longest; null
 *     before the first. | 마지막 메시지 수신 시각 (epoch 초). 소켓이 여럿이면 가장 오래된 것. 수신 전에는 null.
 * @param lastWsHeartbeatTs Epoch seconds of KIS's last keep-alive, of several sockets the one silent for longest;
 *     null before the first. | 마지막 핑퐁 수신 시각 (epoch 초). 소켓이 여럿이면 가장 오래된 것. 수신 전에는 null.
 * @param wsLastError Last error of a WebSocket since it opened; null without one. | 연결 이후 웹소켓의 마지막 오류. 없으면 null.
 * @param wsReconnectCount Reconnects of all WebSockets. | 전체 웹소켓 재접속 횟수.
 * @param fallbackTriggered Whether the last request for several symbols needed REST. | 마지막 복수 종목 조회에 REST 조회가 필요했는지
 *     여부.
 * @param restFilledCount Of that request, symbols answered from REST. | 해당 조회 중 REST 로 응답한 종목 수.
 * @param wsCount Of that request, symbols answered from the pushed feed. | 해당 조회 중 실시간 수신값으로 응답한 종목 수.
 * @param batchTargetCount Symbols of that request. | 해당 조회의 요청 종목 수.
 * @param batchFinalCount Of these, symbols that were answered. | 그중 조회된 종목 수.
 * @param batchMarketOpen Whether pushed values may answer now. | 현재 실시간 수신값으로 응답할 수 있는 시간대인지 여부.
 * @param batchFailedSymbols Symbols of that request without an answer, as far as the caller may read them. | 해당 조회에서
 *     응답이 없는 종목코드. 호출자가 조회할 수 있는 종목만.
 * @param batchMissingCount Number of symbols of that request without an answer. | 해당 조회에서 응답이 없는 종목 수.
 * @param restCalls Price calls to KIS. | KIS 현재가 호출 건수.
 * @param cacheAnswers Answers with the last known value because KIS failed. | KIS 장애로 마지막으로 확인된 값을 응답한 건수.
 * @param fallbackAnswers Answers with the other venue's price or a safe value. | 다른 거래소 가격 또는 안전값으로 응답한 건수.
 * @param cacheInvalidated Cached prices that were invalidated because they were known to be wrong. | 더 이상 맞지 않아 무효화한
 *     캐시 가격 건수.
 * @param l2Hits Answers found in Redis. | Redis 에서 찾은 응답 건수.
 * @param l2Misses Answers not found in Redis. | Redis 에 없었던 응답 건수.
 * @param l2Failures Redis commands without an answer; Redis is then not used for five seconds. | Redis 무응답 건수. 이후 5초간
 *     Redis 를 사용하지 않습니다.
 * @param storeRefused Values not stored because too many symbols are stored already. | 저장 종목 수 한도로 저장하지 않은 시세
 *     건수.
 * @param stream Figures of the stream. | 스트림 수치.
 * @param caches Figures of each cache by its data: quote, us_quote, book, us_book, ranking, index,
 *     investors, nav, bars_days, bars_minutes, us_bars. | 데이터별 캐시 수치: quote, us_quote, book, us_book, ranking, index,
 *     investors, nav, bars_days, bars_minutes, us_bars.
 */
public record QuoteMetrics(
        long cachedSymbols,
        long wsMessages,
        long upserts,
        long staleSymbols,
        long restFallbacks,
        boolean wsConnected,
        boolean wsHeartbeatFresh,
        OptionalLong lastWsMessageTs,
        OptionalLong lastWsHeartbeatTs,
        Optional<String> wsLastError,
        long wsReconnectCount,
        boolean fallbackTriggered,
        long restFilledCount,
        long wsCount,
        long batchTargetCount,
        long batchFinalCount,
        boolean batchMarketOpen,
        List<String> batchFailedSymbols,
        long batchMissingCount,
        long restCalls,
        long cacheAnswers,
        long fallbackAnswers,
        long cacheInvalidated,
        long l2Hits,
        long l2Misses,
        long l2Failures,
        long storeRefused,
        Stream stream,
        Map<String, CacheFigures> caches) {

    /**
     * Figures of the stream since the start. | 시작 이후 스트림 수치.
     *
     * @param clients Connected clients. | 현재 접속 클라이언트 수.
     * @param clientsRefused Clients refused because a limit of connections was reached. | 접속 한도로 거부한 클라이언트 수.
     * @param messages Market-data messages offered to clients' mailboxes. | 클라이언트 메일박스에 전달한 시세 메시지 건수.
     * @param frames Frames written. | 전송한 프레임 수.
     * @param conflated Messages replaced by a newer one before they were read. | 읽기 전에 최신값으로 병합된 메시지 건수.
     * @param gaps Trades that a full mailbox discarded. | 메일박스가 가득 차 폐기한 체결 건수.
     * @param upstreamGaps Gaps that arose between KIS and the gateway, counted per topic. | KIS 와 게이트웨이 사이에서 발생한 누락
     *     구간 수. 토픽별 집계.
     * @param slowClosed Clients closed with 4008. | 4008 로 연결을 종료한 클라이언트 수.
     * @param writeTimeouts Clients dropped because they did not read. | 수신하지 않아 연결을 끊은 클라이언트 수.
     * @param vanished Clients dropped because they did not answer a ping. | 핑에 응답하지 않아 연결을 끊은 클라이언트 수.
     * @param requestsRefused Requests not read because their client sent too many. | 과다 요청으로 처리하지 않은 요청 건수.
     * @param replayed Messages replayed to clients that resumed. | 이어받기로 다시 보낸 메시지 건수.
     * @param barsRestored Times that KIS's own minutes filled in missing trades. | 누락된 체결을 KIS 분봉으로 보완한 횟수.
     * @param subscriptions Subscribed channels of symbols of all clients. | 전체 클라이언트의 종목별 채널 구독 수.
     * @param memoryBytes Bytes queued for all clients. | 전체 클라이언트의 전송 대기 바이트 수.
     * @param memoryLimitBytes Bound on these bytes; beyond it clients are dropped, those that do not read first. | 전송
     *     대기 바이트 한도. 넘으면 수신하지 않는 클라이언트부터 연결을 끊습니다.
     * @param memoryClosed Clients dropped for that reason. | 그 사유로 연결을 끊은 클라이언트 수.
     */
    public record Stream(
            long clients,
            long clientsRefused,
            long messages,
            long frames,
            long conflated,
            long gaps,
            long upstreamGaps,
            long slowClosed,
            long writeTimeouts,
            long vanished,
            long requestsRefused,
            long replayed,
            long barsRestored,
            long subscriptions,
            long memoryBytes,
            long memoryLimitBytes,
            long memoryClosed) {}
}

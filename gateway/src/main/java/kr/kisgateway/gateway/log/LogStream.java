package kr.kisgateway.gateway.log;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The streams of the log: each is a logger and those below it, or several of a subject. Every logger of the gateway and of the SDK
 * belongs to one, but for security events, whose level does not change.
 */
public enum LogStream {
    GATEWAY(
            "gateway",
            "Start and stop, settings, the disk and the clock; and every stream below without a level of its own.",
            "시작과 종료, 설정, 디스크, 시계. 아래 스트림 중 따로 정하지 않은 것도 이 수준을 따릅니다.",
            "gateway",
            "gateway.task",
            "gateway.service"),
    HTTP(
            "gateway.http",
            "Requests and connections of the API.",
            "API 요청과 연결.",
            "gateway.http",
            "gateway.webhook",
            "gateway.watchlist",
            "gateway.aegis"),
    ACCESS("gateway.access", "API keys, quotas and lockouts.", "API 키, 호출 한도, 잠금.", "gateway.access"),
    ORDER(
            "gateway.order",
            "Orders: the desk, sending, KIS's list of the day, repricing and parent orders.",
            "주문 처리, 전송, KIS 당일 주문 내역, 가격 조정, 상위 주문.",
            "gateway.order"),
    JOURNAL(
            "gateway.journal",
            "The journal, the space on its disk, and the lease of a cluster.",
            "저널, 디스크 공간, 클러스터의 임대.",
            "gateway.journal",
            "gateway.lease",
            "gateway.cluster"),
    STREAM("gateway.stream", "Subscribers of the stream.", "실시간 스트림 구독자.", "gateway.stream"),
    FEED(
            "gateway.feed",
            "What KIS pushes: registrations, gaps, halts and the session.",
            "KIS 실시간 수신: 등록, 누락 구간, 거래정지, 세션.",
            "gateway.feed",
            "gateway.pool",
            "gateway.interruption",
            "gateway.session"),
    CACHE(
            "gateway.cache",
            "Requested prices, accounts and lists, and the caches of their answers.",
            "조회한 시세·계좌·목록과 그 캐시.",
            "gateway.cache",
            "gateway.redis",
            "gateway.portfolio",
            "gateway.instrument",
            "gateway.batch"),
    HISTORY(
            "gateway.history",
            "Past bars, recordings, jobs and the warmup.",
            "과거 시세, 체결 기록, 작업, 워밍업.",
            "gateway.history",
            "gateway.bars",
            "gateway.recording",
            "gateway.job",
            "gateway.warm"),
    FACE("gateway.face", "The port for programs written for KIS.", "KIS 호환 포트.", "gateway.face"),
    OPERATION(
            "gateway.operation",
            "Alerts, reports and how they leave the machine, commands by chat, the audit, backups, the address, and traces.",
            "알림과 보고, 그 전송, 채팅 명령, 감사 기록, 백업, 외부 주소, 추적.",
            "gateway.alert",
            "gateway.report",
            "gateway.chat",
            "gateway.audit",
            "gateway.backup",
            "gateway.egress",
            "gateway.trace",
            "gateway.log"),
    KIS(
            "kis",
            "The connection to KIS: tokens, calls, the WebSocket.",
            "KIS 연결: 토큰, 호출, 웹소켓.",
            "kis",
            "kr.kisgateway.client",
            "kr.kisgateway.wire"),
    SIMULATOR("simulator", "The embedded simulator.", "내장 시뮬레이터.", "kr.kisgateway.simulator");

    private final String streamName;
    private final String english;
    private final String korean;
    private final List<String> loggers;

    LogStream(String streamName, String english, String korean, String... loggers) {
        this.streamName = streamName;
        this.english = english;
        this.korean = korean;
        this.loggers = List.of(loggers);
    }

    /** The stream of that name. */
    public static Optional<LogStream> of(String name) {
        return Arrays.stream(values())
                .filter(stream -> stream.streamName.equals(name))
                .findFirst();
    }

    /** The names of all streams. */
    public static List<String> names() {
        return Arrays.stream(values()).map(LogStream::streamName).toList();
    }

    /** Its name. */
    public String streamName() {
        return streamName;
    }

    /** What is logged in it, in English. */
    public String english() {
        return english;
    }

    /** What is logged in it, in Korean. */
    public String korean() {
        return korean;
    }

    /** Its loggers, with those below them. */
    List<String> loggers() {
        return loggers;
    }
}

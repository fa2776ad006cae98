package kr.kisgateway.gateway.alert;

import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Every kind of alert: what it reports and when it settles. {@code docs/ALERTS.md} has the same rows, a test compares the two.
 */
public enum AlertEvent {
    REQUEST_IN_DOUBT(
            Category.TRADING,
            SettlesWhen.ORDER_CERTAIN,
            "an order or a change was sent and its result is unknown",
            "nothing of the order is in doubt, or it has ended",
            "주문이나 변경을 보냈으나 결과를 알 수 없습니다."),
    ORDER_UNRESOLVED(
            Category.TRADING,
            SettlesWhen.ORDER_CERTAIN,
            "the broker's list does not settle an order in doubt",
            "nothing of the order is in doubt, or it has ended",
            "KIS의 주문 목록으로도 결과를 확정할 수 없는 주문이 있습니다."),
    CANCEL_FAILED(
            Category.TRADING,
            SettlesWhen.ORDER_ENDED,
            "a cancel had no effect, or KIS did not take it three times",
            "the order has ended",
            "취소가 적용되지 않았거나 KIS가 세 번 받지 않았습니다."),
    CANCEL_WITHOUT_EFFECT(
            Category.TRADING,
            SettlesWhen.ORDER_ENDED,
            "KIS accepted a cancel and the order still rests a minute later",
            "the order has ended",
            "KIS가 취소를 접수했으나 1분 뒤에도 주문이 남아 있습니다."),
    ENDED_TOO_EARLY(
            Category.TRADING,
            SettlesWhen.ORDER_ENDED,
            "an order recorded as ended is open again",
            "the order has ended",
            "종료로 기록된 주문이 다시 살아 있습니다."),
    LATE_ACCEPTANCE(
            Category.TRADING,
            SettlesWhen.ORDER_ENDED,
            "an order that was closed as not found is at the broker",
            "the order has ended",
            "없는 것으로 종료한 주문이 KIS에 있습니다."),
    MODIFIED_OUTSIDE(
            Category.TRADING,
            SettlesWhen.ORDER_ENDED,
            "an order was modified by another program",
            "the order has ended",
            "다른 프로그램이 주문을 정정했습니다."),
    MODIFICATION_NOT_FOUND(
            Category.TRADING,
            SettlesWhen.IMMEDIATELY,
            "a modification never reached KIS; the old terms apply",
            "at once",
            "정정이 KIS에 도달하지 않아 이전 조건이 유지됩니다."),
    REPLACEMENT_NOT_PLACED(
            Category.TRADING,
            SettlesWhen.IMMEDIATELY,
            "an order was cancelled to be replaced, and the other order was not placed",
            "at once",
            "주문을 바꾸려고 취소했으나 새 주문을 내지 못했습니다."),
    ORDER_NOT_REPRICED(
            Category.TRADING,
            SettlesWhen.IMMEDIATELY,
            "an order that rests was to get another price, and that was refused",
            "at once",
            "남아 있는 주문의 가격을 바꾸려 했으나 거부되었습니다."),
    MARKET_ORDER_RESTS(
            Category.TRADING,
            SettlesWhen.IMMEDIATELY,
            "a market order rests in continuous trading and is not filled",
            "2 s",
            "시장가 주문이 접속매매 중 체결되지 않고 남아 있습니다."),
    PARENT_ORDER_NOT_PLACED(
            Category.TRADING,
            SettlesWhen.IMMEDIATELY,
            "the order of a parent order was refused or rejected, could not be placed in its time, or its API key ended",
            "at once",
            "조건 주문의 하위 주문을 내지 못했습니다."),
    PARENT_ORDER_HELD(
            Category.TRADING,
            SettlesWhen.REPORTED,
            "the price for an order of a parent order was reached while the gateway was away; an operator has to decide",
            "it was released or cancelled, or has ended",
            "게이트웨이가 꺼진 사이 조건 가격에 닿은 주문이 있어 운영자의 결정이 필요합니다."),
    PARENT_EXIT_WAITS(
            Category.TRADING,
            SettlesWhen.REPORTED,
            "an exit is due for 5 s and not placed: another order of its parent order has not ended, its shares cannot be sold yet, or"
                    + " a check refuses it for now, or KIS does not take it; or it is placed for a part of its shares",
            "it is placed for all of its shares, or the parent order has ended",
            "청산 주문이 5초 넘게 나가지 못했거나 일부 수량만 나갔습니다."),
    PARENT_PRICES_MISSING(
            Category.TRADING,
            SettlesWhen.REPORTED,
            "no price that parent orders wait for was received for 30 s while its market is open, and KIS answers none",
            "a price was received, or none is waited for now",
            "조건 주문이 기다리는 시세를 30초 넘게 받지 못했습니다."),
    PARENT_ORDER_NOT_CHANGED(
            Category.TRADING,
            SettlesWhen.IMMEDIATELY,
            "an order of a parent order was to be made smaller with it, and KIS or a check refused that",
            "at once",
            "조건 주문과 함께 줄이려던 주문을 줄이지 못했습니다."),
    ORDER_NOT_FOUND(
            Category.TRADING,
            SettlesWhen.IMMEDIATELY,
            "an order in doubt was closed: the complete list of its day does not contain it",
            "at once",
            "결과를 모르던 주문을 그날의 전체 목록에 없어 종료했습니다."),
    PARTLY_MODIFIED_OUTSIDE(
            Category.TRADING,
            SettlesWhen.BY_OPERATOR,
            "a part of an order was modified by another program and is not followed",
            "",
            "주문의 일부를 다른 프로그램이 정정했으며 추적하지 않습니다."),
    LIST_CONTRADICTS(
            Category.TRADING,
            SettlesWhen.BY_OPERATOR,
            "the broker's list contradicts the recorded fills",
            "",
            "KIS의 주문 목록이 기록된 체결과 다릅니다."),
    NUMBER_OF_ANOTHER(
            Category.TRADING,
            SettlesWhen.BY_OPERATOR,
            "KIS reports another stock or side under the number of an order",
            "",
            "KIS가 주문 번호에 다른 종목이나 방향을 보고합니다."),
    ORDER_NOT_LISTED(
            Category.TRADING,
            SettlesWhen.BY_OPERATOR,
            "KIS accepted an order and its list of the day does not contain it",
            "",
            "KIS가 접수한 주문이 그날의 목록에 없습니다."),
    UNSENT_ORDER_LISTED(
            Category.TRADING,
            SettlesWhen.BY_OPERATOR,
            "the broker lists an order like one that was never sent according to the journal, which may have lost records",
            "",
            "보낸 적 없는 것으로 기록된 주문과 같은 주문이 KIS에 있습니다."),
    ORDER_NUMBER_CONFLICT(
            Category.TRADING,
            SettlesWhen.BY_OPERATOR,
            "an order was matched with one number and KIS reports another",
            "",
            "주문의 번호가 KIS의 보고와 다릅니다."),
    OVERFILL(
            Category.TRADING,
            SettlesWhen.BY_OPERATOR,
            "execution notices add up to more shares than the order has",
            "",
            "체결 통보의 합이 주문 수량보다 많습니다."),
    ORDER_NOT_IN_MEMORY(
            Category.TRADING,
            SettlesWhen.BY_OPERATOR,
            "an answer arrived for an order that is not in memory",
            "",
            "메모리에 없는 주문의 응답이 도착했습니다."),
    ORDER_FAILURES(
            Category.TRADING,
            SettlesWhen.REPORTED,
            "more than a tenth of the orders of five minutes failed: KIS refused them, they could not be sent, or their result is unknown",
            "they were fewer for a minute",
            "최근 5분 주문의 10% 넘게 실패했습니다(거부, 전송 못 함, 결과 불명)."),
    ORDERS_CORRECTED(
            Category.TRADING,
            SettlesWhen.REPORTED,
            "the broker's list corrected orders: an execution notice or an answer was missing",
            "six minutes passed without another",
            "KIS의 주문 목록으로 주문 상태를 바로잡았습니다. 체결 통보나 응답이 빠졌습니다."),
    ORDERS_ADOPTED(
            Category.TRADING,
            SettlesWhen.REPORTED,
            "orders were placed on the account by another program or by hand",
            "six minutes passed without another",
            "다른 프로그램이나 사람이 계좌에 낸 주문을 찾았습니다."),
    ORDER_REPRICED(
            Category.TRADING,
            SettlesWhen.IMMEDIATELY,
            "an order that rested got another price by its `reprice`",
            "at once",
            "남아 있던 주문의 가격을 reprice 설정에 따라 바꿨습니다."),
    PARENT_ORDER_TRIGGERED(
            Category.TRADING,
            SettlesWhen.IMMEDIATELY,
            "a price triggered an order of a parent order, as a stop",
            "at once",
            "손절 등 조건 주문의 가격 조건이 충족되었습니다."),
    ORDERS_SUSPENDED(
            Category.TRADING,
            SettlesWhen.REPORTED,
            "the circuit breaker of orders is open, orders wait",
            "KIS accepts orders again",
            "주문 차단기가 열려 주문이 대기합니다."),
    LIST_FAILED(
            Category.TRADING,
            SettlesWhen.REPORTED,
            "the broker's list of a day could not be read",
            "the list of that day was read",
            "하루치 주문 목록을 읽지 못했습니다."),
    DAILY_ORDERS_USED(
            Category.RISK,
            SettlesWhen.REPORTED,
            "four fifths of the orders that a limit allows a day are used",
            "the day is over, or the limit is higher",
            "하루 주문 한도의 80%를 썼습니다."),
    KILL_SWITCH_ON(Category.RISK, SettlesWhen.REPORTED, "the kill switch was set", "it was lifted", "긴급 정지가 켜졌습니다."),
    KILL_SWITCH_OFF(Category.RISK, SettlesWhen.IMMEDIATELY, "the kill switch was lifted", "at once", "긴급 정지가 꺼졌습니다."),
    LIMITS_CHANGED(Category.RISK, SettlesWhen.IMMEDIATELY, "a call set the risk limits", "at once", "위험 한도가 변경되었습니다."),
    JOURNAL_UNAVAILABLE(
            Category.SYSTEM,
            SettlesWhen.REPORTED,
            "the journal cannot be written, no order is accepted",
            "orders are accepted again for ten seconds",
            "저널에 쓸 수 없어 주문을 받지 않습니다."),
    ORDER_DESK_FAILED(
            Category.SYSTEM,
            SettlesWhen.REPORTED,
            "the order desk had a defect and restarts",
            "orders are accepted again for ten seconds",
            "주문 처리부에 결함이 있어 다시 시작합니다."),
    ORDER_DESK_WORKS_AGAIN(
            Category.SYSTEM,
            SettlesWhen.IMMEDIATELY,
            "orders are accepted again after an outage",
            "at once",
            "중단 뒤 주문을 다시 받습니다."),
    WS_RECONNECT_EXHAUSTED(
            Category.SYSTEM,
            SettlesWhen.REPORTED,
            "ten attempts to open the WebSocket of an app key failed",
            "it is connected",
            "웹소켓 접속을 열 번 시도했으나 모두 실패했습니다."),
    SESSION_TAKEN_OVER(
            Category.SYSTEM,
            SettlesWhen.REPORTED,
            "another program uses the KIS session of an app key",
            "KIS confirms a registration",
            "다른 프로그램이 앱키의 KIS 세션을 사용합니다."),
    FEED_DOWN(
            Category.SYSTEM,
            SettlesWhen.REPORTED,
            "a WebSocket is disconnected for 30 s while a market is in session",
            "it is connected",
            "장중에 웹소켓이 30초 동안 끊겨 있습니다."),
    TOKEN_FAILED(
            Category.SYSTEM,
            SettlesWhen.REPORTED,
            "KIS issued no access token",
            "a token was issued",
            "KIS가 접근 토큰을 발급하지 않았습니다."),
    REGISTRATION_REFUSED(
            Category.SYSTEM,
            SettlesWhen.REPORTED,
            "KIS refused to push a symbol",
            "KIS confirms it",
            "KIS가 종목의 실시간 등록을 거부했습니다."),
    GAP_NOT_REPAIRED(
            Category.SYSTEM,
            SettlesWhen.REPORTED,
            "missed ticks or minutes were not repaired",
            "KIS pushes or answers the symbol again",
            "놓친 체결이나 분봉을 복구하지 못했습니다."),
    BUDGET_WAITS(
            Category.SYSTEM,
            SettlesWhen.REPORTED,
            "calls to KIS wait long for the call budget, or are refused for lack of a slot (`QUEUE_TIMEOUT`)",
            "they were fewer for a minute",
            "KIS 호출이 호출 한도를 오래 기다리거나 자리가 없어 거부됩니다(QUEUE_TIMEOUT)."),
    REGISTRATIONS_FULL(
            Category.SYSTEM,
            SettlesWhen.REPORTED,
            "KIS has no room for the registrations of all symbols that are subscribed; the rest is polled",
            "there is room for all",
            "구독한 종목이 KIS 실시간 등록 한도보다 많아 나머지는 조회로 제공합니다."),
    BREAKER_OPEN(
            Category.SYSTEM,
            SettlesWhen.REPORTED,
            "calls to KIS pause because they failed",
            "the breaker is closed",
            "실패가 이어져 KIS 호출을 멈췄습니다."),
    LISTENER_RESET(
            Category.SYSTEM,
            SettlesWhen.IMMEDIATELY,
            "a listener had stopped and was restarted",
            "at once",
            "멈춘 수신부를 다시 시작했습니다."),
    QUOTE_FALLBACK(
            Category.SYSTEM,
            SettlesWhen.REPORTED,
            "no source has a price of a symbol, the safe value is answered",
            "a source has its price again",
            "어느 출처에도 종목의 가격이 없어 안전값으로 응답합니다."),
    CIRCUIT_BREAKER(
            Category.TRADING,
            SettlesWhen.REPORTED,
            "the circuit breaker of a market is on",
            "KIS reports it off, or no stock reports it any more",
            "시장에 서킷브레이커가 발동되었습니다."),
    CIRCUIT_BREAKER_OFF(
            Category.TRADING,
            SettlesWhen.IMMEDIATELY,
            "the circuit breaker of a market is off",
            "at once",
            "시장의 서킷브레이커가 해제되었습니다."),
    CIRCUIT_BREAKER_UNKNOWN(
            Category.TRADING,
            SettlesWhen.REPORTED,
            "a circuit breaker was on and no stock reports it any more",
            "KIS reports it on or off",
            "서킷브레이커의 상태를 더는 확인할 수 없습니다."),
    LOGIN_FAILURES(
            Category.SYSTEM,
            SettlesWhen.REPORTED,
            "an address sent many keys or operator tokens that were refused; the subject is the address",
            "none was refused for that time",
            "한 주소에서 거부된 API 키나 운영자 토큰이 많습니다."),
    CHAT_SENDER_REFUSED(
            Category.SYSTEM,
            SettlesWhen.REPORTED,
            "a bot got messages from a chat or user that may not send commands; the subject is the channel",
            "a quarter of an hour passed without another",
            "허용되지 않은 대화방이나 사용자가 봇에 메시지를 보냈습니다."),
    CHAT_COMMANDS_FAILED(
            Category.SYSTEM,
            SettlesWhen.REPORTED,
            "commands to a bot could not be received three times in a row; the subject is the channel",
            "they are received again",
            "봇 명령을 세 번 연속 받지 못했습니다."),
    KEY_EXPIRES(
            Category.SYSTEM,
            SettlesWhen.REPORTED,
            "an API key expires within 14 days, or within three; the subject is its name",
            "it has expired or was revoked",
            "API 키가 곧 만료됩니다."),
    WEBHOOK_UNKNOWN(
            Category.SYSTEM,
            SettlesWhen.REPORTED,
            "alerts came to a webhook that does not exist, with a wrong secret, or from an address that is not allowed",
            "a quarter of an hour passed without another",
            "없는 웹훅, 틀린 비밀값, 허용되지 않은 주소로 알림이 왔습니다."),
    WEBHOOK_FLOOD(
            Category.SYSTEM,
            SettlesWhen.REPORTED,
            "a webhook receives more alerts than it accepts, and refuses them",
            "a minute passed without another",
            "웹훅에 알림이 너무 많아 거부합니다."),
    WEBHOOK_ALERT_REFUSED(
            Category.TRADING,
            SettlesWhen.REPORTED,
            "an alert with the right secret was refused: nothing was ordered for it",
            "the webhook takes an alert, or is deleted",
            "비밀값이 맞는 웹훅 알림을 거부했으며 주문을 내지 않았습니다."),
    SECRET_EXPIRES(
            Category.SYSTEM,
            SettlesWhen.REPORTED,
            "a stored secret expires within 30 days, or has expired",
            "the gateway was restarted with another one",
            "저장된 비밀 정보가 30일 안에 만료되거나 이미 만료되었습니다."),
    SECRET_OLD(
            Category.SYSTEM,
            SettlesWhen.REPORTED,
            "a stored secret is older than SECRETS_REMIND_AFTER",
            "the gateway was restarted with another one",
            "저장된 비밀 정보가 SECRETS_REMIND_AFTER 보다 오래되었습니다."),
    CLOCK_STEPPED(
            Category.SYSTEM,
            SettlesWhen.REPORTED,
            "the machine's clock was set",
            "the machine's clock and the gateway's agree again",
            "컴퓨터의 시계가 바뀌었습니다."),
    DISK_LOW(
            Category.SYSTEM,
            SettlesWhen.REPORTED,
            "the disk has less free space than `JOURNAL_DISK_LOW`, no order is accepted",
            "there is an eighth more space than that",
            "디스크의 남은 공간이 JOURNAL_DISK_LOW 보다 적어 주문을 받지 않습니다."),
    AUDIT_UNAVAILABLE(
            Category.SYSTEM,
            SettlesWhen.REPORTED,
            "the audit cannot be written; rows wait, and when there is no more room changes are refused",
            "rows are stored again",
            "감사 기록을 쓸 수 없습니다. 대기 공간이 다 차면 취소와 킬 스위치를 제외한 변경 요청을 거부합니다."),
    AUDIT_ROWS_LOST(
            Category.SYSTEM,
            SettlesWhen.BY_OPERATOR,
            "rows of the audit found no room while it could not be written",
            "",
            "감사 기록을 쓸 수 없는 동안 일부 기록이 유실되었습니다."),
    AUDIT_DAMAGED(
            Category.SYSTEM,
            SettlesWhen.BY_OPERATOR,
            "rows of the audit were changed or removed, or its file is damaged",
            "",
            "감사 기록이 변조되거나 삭제되었거나 파일이 손상되었습니다."),
    AUDIT_NOT_SHARED(
            Category.SYSTEM,
            SettlesWhen.REPORTED,
            "the audit of this gateway could not be copied to the cluster's database for a minute; its data folder has it",
            "rows are copied again",
            "이 게이트웨이의 감사 기록을 1분 동안 클러스터 데이터베이스로 복사하지 못했습니다. 데이터 폴더에는 기록되어 있습니다."),
    EGRESS_ADDRESS_DIFFERS(
            Category.SYSTEM,
            SettlesWhen.REPORTED,
            "the gateway reaches the internet from an address that NETWORK_EGRESS_ALLOW does not have; live orders are refused",
            "it is an allowed address again",
            "게이트웨이의 외부 주소가 NETWORK_EGRESS_ALLOW 에 없습니다. 실주문을 거부합니다."),
    BACKUP_FAILED(
            Category.SYSTEM,
            SettlesWhen.REPORTED,
            "the daily backup could not be made, or is not what was written; it is tried again every ten minutes",
            "a backup was made",
            "매일 만드는 백업에 실패했습니다. 10분마다 다시 시도합니다."),
    SIMULATOR_BEGAN_EMPTY(
            Category.SYSTEM,
            SettlesWhen.BY_OPERATOR,
            "the simulator's file was empty or missing beside a journal: its account starts as on the first day",
            "",
            "저널은 있으나 시뮬레이터의 파일이 비어 있어 계좌가 첫날처럼 시작합니다."),
    LISTING_REFUSED(
            Category.SYSTEM,
            SettlesWhen.REPORTED,
            "the master file of a market hardly names its present instruments, the present list stays",
            "a plausible file replaces the list",
            "종목 파일에 지금 종목이 거의 없어 이전 목록을 유지합니다."),
    JOBS_SET_ASIDE(
            Category.SYSTEM,
            SettlesWhen.BY_OPERATOR,
            "the file of background jobs was damaged and set aside",
            "",
            "백그라운드 작업 파일이 손상되어 따로 보관했습니다."),
    BACKFILL_FAILED(
            Category.SYSTEM,
            SettlesWhen.REPORTED,
            "a backfill failed, or some of its symbols did",
            "one ended without failures",
            "과거 데이터 수집이 실패했거나 일부 종목을 받지 못했습니다."),
    JOB_WAITS_FOR_ROOM(
            Category.SYSTEM,
            SettlesWhen.REPORTED,
            "a job waits for disk space, or for the storage of `HISTORY_URL`",
            "it continues or ended",
            "작업이 디스크 공간이나 공유 저장소를 기다립니다."),
    HISTORY_UNWRITABLE(
            Category.SYSTEM,
            SettlesWhen.REPORTED,
            "the folder of `HISTORY_URL` cannot be written, by this gateway or because another one still does",
            "this gateway writes it",
            "과거 데이터의 공유 저장소에 쓸 수 없습니다."),
    RECORDINGS_UNREADABLE(
            Category.SYSTEM,
            SettlesWhen.REPORTED,
            "recordings from before the start could not be read",
            "a recording was started",
            "시작 전의 시세 기록을 읽을 수 없습니다."),
    CHANNEL_FAILED(
            Category.SYSTEM,
            SettlesWhen.REPORTED,
            "a channel of alerts did not deliver three times in a row; the subject is its name",
            "it delivers again",
            "알림 채널이 세 번 연속 전송에 실패했습니다."),
    NOTIFICATIONS_LOST(
            Category.SYSTEM,
            SettlesWhen.IMMEDIATELY,
            "alerts were not sent: too many waited, or for a day, or `alerts.yaml` no longer has their channel",
            "at once",
            "보내지 못한 알림이 있습니다."),
    ALERT_RULES_REFUSED(
            Category.SYSTEM,
            SettlesWhen.REPORTED,
            "`alerts.yaml` has mistakes, the rules before it stay",
            "it is read without",
            "alerts.yaml 에 오류가 있어 이전 규칙을 유지합니다."),
    SETTINGS_REFUSED(
            Category.SYSTEM,
            SettlesWhen.REPORTED,
            "`.env` or `gateway.yaml` was changed and has mistakes, the settings before it stay",
            "they are read without",
            ".env 또는 gateway.yaml 에 오류가 있어 이전 설정을 유지합니다."),
    AEGIS_ORDER_FAILED(
            Category.TRADING,
            SettlesWhen.REPORTED,
            "orders of an API key by `/api/v3.x` are refused (`rsp_cd` 2 or 901)",
            "an order of that key is accepted, or a quarter of an hour passed without another refusal",
            "/api/v3.x 로 낸 API 키의 주문이 거부됩니다(rsp_cd 2 또는 901)."),
    RECORDING_STOPPED(
            Category.SYSTEM,
            SettlesWhen.REPORTED,
            "ticks are no longer recorded",
            "a recording was started",
            "시세 기록이 중단되었습니다.");

    /** What an alert is about, which decides the channel that it goes to where {@code alerts.yaml} has no routes. */
    public enum Category {
        /** Orders, and what they depend on at the broker and in the market. */
        TRADING("trading-alerts"),
        /** The gateway, its connections and its files. */
        SYSTEM("system-health"),
        /** Limits and the kill switch. */
        RISK("risk-notification");

        private final String channel;

        Category(String channel) {
            this.channel = channel;
        }

        /** Name of its channel where there are no routes. */
        public String channel() {
            return channel;
        }
    }

    /** What settles an alert. */
    public enum SettlesWhen {
        /** The component that raised it reports that it is over. */
        REPORTED,
        /** The order has nothing in doubt, or has ended. */
        ORDER_CERTAIN,
        /** The order has ended. */
        ORDER_ENDED,
        /** It reports something that is complete. */
        IMMEDIATELY,
        /** No program can detect that it is over: an operator has to check. */
        BY_OPERATOR
    }

    private static final Map<String, AlertEvent> BY_NAME =
            Arrays.stream(values()).collect(Collectors.toUnmodifiableMap(AlertEvent::publicName, it -> it));

    private final Category category;
    private final SettlesWhen settlesWhen;
    private final String meaning;
    private final String settles;
    private final String meaningKo;

    AlertEvent(Category category, SettlesWhen settlesWhen, String meaning, String settles, String meaningKo) {
        this.category = category;
        this.settlesWhen = settlesWhen;
        this.meaning = meaning;
        this.settles = settles;
        this.meaningKo = meaningKo;
    }

    /** The event of a word. */
    public static Optional<AlertEvent> of(String publicName) {
        return Optional.ofNullable(BY_NAME.get(publicName));
    }

    /** The words of all events. */
    public static Set<String> names() {
        return BY_NAME.keySet();
    }

    /** The word used in API, stream and log. */
    public String publicName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** What it reports, in Korean. */
    public String meaningKo() {
        return meaningKo;
    }

    public Category category() {
        return category;
    }

    public SettlesWhen settlesWhen() {
        return settlesWhen;
    }

    /** Its row in the document: the word, the channel without routes, what it reports, when it settles. */
    String row() {
        return "| `" + publicName() + "` | " + category.name().toLowerCase(Locale.ROOT) + " | " + meaning + " | "
                + (settlesWhen == SettlesWhen.BY_OPERATOR ? "never by itself: an operator has to check" : settles)
                + " |";
    }
}

package kr.kisgateway.cli;

import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * What to do about a refusal: one sentence in English and the same in Korean, with commands of {@code ./kis} instead of
 * HTTP calls.
 */
record Remedy(String english, String korean) {
    private static final Remedy SAME_VERSION = new Remedy(
            "check the name or symbol that you gave; if it is right, this ./kis and the gateway at --url (GATEWAY_URL)"
                    + " are of different versions.",
            "입력한 이름이나 종목코드를 확인하세요. 맞다면 ./kis와 --url(GATEWAY_URL)의 게이트웨이 버전이 서로 다릅니다.");
    private static final Remedy CHANGE_LIMIT = new Remedy(
            "stay within the limit that ./kis limits shows; an operator changes it with ./kis limits set.",
            "./kis limits의 한도 안에서 주문하세요. 한도는 운영자가 ./kis limits set으로 바꿉니다.");
    private static final Remedy CHANGE_REQUEST = new Remedy(
            "change what the message names; the same request is refused again.",
            "메시지에 적힌 값을 고쳐 다시 요청하세요. 같은 요청은 다시 거절됩니다.");

    /**
     * The remedy of the gateway's error.
     *
     * @param key idempotency key of the request
     * @param order the order of the command
     */
    static Remedy of(JsonNode error, Optional<String> key, Optional<String> order) {
        String withKey = key.map(k -> " with --key " + k).orElse("");
        String repeatedKey = key.map(k -> "--key " + k + "로 ").orElse("");
        return switch (error.path("code").asString("")) {
            case "UNAUTHENTICATED" ->
                new Remedy(
                        "set GATEWAY_API_KEY to a key; ./kis keys create NAME makes one where the gateway's data folder"
                                + " is.",
                        "GATEWAY_API_KEY에 키를 설정하세요. 키는 게이트웨이의 데이터 폴더가 있는 곳에서 ./kis keys create NAME으로" + " 만듭니다.");
            case "FORBIDDEN" ->
                new Remedy(
                        "use a key whose role, accounts and symbols allow it; ./kis keys list shows them.",
                        "역할, 계좌, 종목이 허용된 키를 쓰세요. ./kis keys list로 확인할 수 있습니다.");
            case "OPERATOR_TOKEN_REQUIRED" ->
                new Remedy(
                        "set GATEWAY_OPERATOR_TOKEN to the operator's token that the gateway was started with.",
                        "GATEWAY_OPERATOR_TOKEN을 게이트웨이를 시작할 때 쓴 운영자 토큰으로 설정하세요.");
            case "OPERATOR_TOKEN_WRONG" ->
                new Remedy(
                        "GATEWAY_OPERATOR_TOKEN here and at the gateway must be the same.",
                        "여기와 게이트웨이의 GATEWAY_OPERATOR_TOKEN이 같아야 합니다.");
            case "LOCKED_OUT" ->
                new Remedy(
                        "wait" + retryDelay(error).replace(" in ", " ") + ", then use the right key or token.",
                        "잠시 기다린 뒤 올바른 키나 토큰을 쓰세요.");
            case "ORIGIN_REFUSED" ->
                new Remedy(
                        "set --url or GATEWAY_URL to an address of the gateway itself, as http://127.0.0.1:8890.",
                        "--url이나 GATEWAY_URL을 http://127.0.0.1:8890처럼 게이트웨이의 주소로 설정하세요.");
            case "NOT_FOUND", "METHOD_NOT_ALLOWED", "UNSUPPORTED_MEDIA_TYPE" -> SAME_VERSION;
            case "BODY_TOO_LARGE" -> new Remedy("send less in one request.", "한 번에 더 적게 요청하세요.");
            case "KEY_NAME_TAKEN" ->
                new Remedy(
                        "choose another name; ./kis keys list shows those in use.",
                        "다른 이름을 고르세요. ./kis keys list로 확인합니다.");
            case "KEY_NOT_FOUND" -> new Remedy("./kis keys list shows the keys.", "./kis keys list로 키를 확인하세요.");
            case "SYMBOL_NOT_FOUND", "INVALID_SYMBOL" ->
                new Remedy(
                        "./kis search NAME finds the code of a company, as in ./kis search 삼성전자.",
                        "./kis search 삼성전자처럼 회사 이름으로 종목코드를 찾으세요.");
            case "UNSUPPORTED_BY_SOURCE" ->
                new Remedy(
                        "nothing changes by repeating it: this source does not offer it, the message names what is"
                                + " missing.",
                        "이 시세원이 제공하지 않으므로 다시 요청해도 같습니다. 메시지에서 이유를 확인하세요.");
            case "REGISTRATIONS_FULL" ->
                new Remedy(
                        "end subscriptions that are no longer needed; ./kis why SYMBOL explains who has them.",
                        "필요 없는 구독을 해지하세요. ./kis why SYMBOL로 이유를 확인합니다.");
            case "CREDENTIALS_MISSING" ->
                new Remedy(
                        "set " + setting(error) + " where the gateway runs, and start it again.",
                        "게이트웨이가 실행되는 곳에 " + koreanSetting(error) + " 설정하고 다시 시작하세요.");
            case "CREDENTIALS_REFUSED" ->
                new Remedy(
                        "check " + setting(error)
                                + " where the gateway runs, and start it again; ./kis doctor --live checks the"
                                + " keys of KIS.",
                        "게이트웨이가 실행되는 곳에서 " + koreanSetting(error) + " 확인하고 다시 시작하세요. KIS 키는 ./kis doctor --live로"
                                + " 점검합니다.");
            case "RECORDING_NOT_FOUND" ->
                new Remedy("./kis ticks list shows the recordings.", "./kis ticks list로 녹화를 확인하세요.");
            case "JOB_NOT_FOUND" ->
                new Remedy("./kis jobs list shows the jobs that are retained.", "./kis jobs list로 작업을 확인하세요.");
            case "CURSOR_UNKNOWN" -> new Remedy("begin again without a cursor.", "커서 없이 처음부터 다시 요청하세요.");
            case "ACCOUNT_NOT_FOUND" ->
                new Remedy(
                        "use the alias of an account that the gateway has, as A1; ./kis config shows them.",
                        "A1처럼 게이트웨이에 있는 계좌 별칭을 쓰세요. ./kis config로 확인합니다.");
            case "PORTFOLIO_PROVIDER_NOT_CONFIGURED" ->
                new Remedy(
                        "set KIS_ACCOUNT_NO and the keys of KIS where the gateway runs, and start it again.",
                        "게이트웨이가 실행되는 곳에 KIS_ACCOUNT_NO와 KIS 키를 설정하고 다시 시작하세요.");
            case "ORDER_NOT_FOUND" ->
                new Remedy("./kis orders list shows the orders there are.", "./kis orders list로 주문을 확인하세요.");
            case "ORDER_ALREADY_TERMINAL", "INVALID_TRANSITION" ->
                new Remedy(
                        "./kis orders show " + order.orElse("ID") + " shows the order's status.",
                        "./kis orders show " + order.orElse("ID") + "로 주문 상태를 확인하세요.");
            case "IDEMPOTENCY_KEY_BODY_MISMATCH" ->
                new Remedy(
                        "use another --key, or none: each command then has a new one.",
                        "다른 --key를 쓰거나 생략하세요. 생략하면 명령마다 새 키를 만듭니다.");
            case "IDEMPOTENCY_KEY_REQUIRED" ->
                new Remedy("repeat the command with --key and a text of your own.", "--key에 원하는 글자를 넣어 다시 실행하세요.");
            case "KILL_SWITCH" ->
                new Remedy(
                        "./kis kill-switch status shows why it is on; ./kis kill-switch off ends it (operator); cancels are"
                                + " always accepted.",
                        "./kis kill-switch status로 이유를 확인하고, 운영자가 ./kis kill-switch off로 해제합니다. 취소는 언제나" + " 가능합니다.");
            case "READ_ONLY" ->
                new Remedy(
                        "start the gateway without GATEWAY_READ_ONLY=true to place orders; cancels are always accepted.",
                        "주문하려면 GATEWAY_READ_ONLY=true 없이 게이트웨이를 시작하세요. 취소는 언제나 가능합니다.");
            case "LIVE_DISABLED" ->
                new Remedy(
                        "set what the message names where the gateway runs, and start it again.",
                        "게이트웨이가 실행되는 곳에 메시지에 적힌 항목을 설정하고 다시 시작하세요.");
            case "DRY_RUN_REQUIRED" ->
                new Remedy(
                        "send an order of this account with \"dry_run\": true first.",
                        "먼저 이 계좌의 주문을 \"dry_run\": true로 보내세요.");
            case "DAILY_LIMIT_EXCEEDED",
                    "MAX_QTY_EXCEEDED",
                    "NOTIONAL_LIMIT_EXCEEDED",
                    "POSITION_LIMIT_EXCEEDED",
                    "DAILY_LOSS_LIMIT",
                    "PRICE_COLLAR" -> CHANGE_LIMIT;
            case "SYMBOL_RESTRICTED" ->
                new Remedy(
                        "./kis limits shows the lists in force, ./kis instrument SYMBOL halts and warnings.",
                        "./kis limits로 허용·금지 목록을, ./kis instrument SYMBOL로 거래정지와 경고를 확인하세요.");
            case "SELF_CROSS" ->
                new Remedy(
                        "cancel the order of the other side first; ./kis orders list --status open shows it.",
                        "반대쪽 주문을 먼저 취소하세요. ./kis orders list --status open으로 확인합니다.");
            case "OUT_OF_TRADING_WINDOW" ->
                new Remedy(
                        "wait for the exchange's hours; ./kis market shows the session.",
                        "장 운영 시간에 주문하세요. ./kis market으로 확인합니다.");
            case "INSUFFICIENT_POSITION_QTY" ->
                new Remedy(
                        "sell less, or cancel an open sell; ./kis positions shows what is held.",
                        "수량을 줄이거나 미체결 매도를 취소하세요. ./kis positions로 확인합니다.");
            case "INSUFFICIENT_CASH" ->
                new Remedy(
                        "buy less, or cancel an open buy; ./kis balance shows what is left to spend.",
                        "수량을 줄이거나 미체결 매수를 취소하세요. ./kis balance로 확인합니다.");
            case "NOT_READY" ->
                new Remedy(
                        "wait until the blockers are gone, ./kis status shows them; cancels are always accepted.",
                        "차단 사유가 사라질 때까지 기다리세요. ./kis status로 확인합니다. 취소는 언제나 가능합니다.");
            case "DISK_LOW" ->
                new Remedy(
                        "free space on the disk of the gateway's data folder; cancels are always accepted.",
                        "게이트웨이 데이터 폴더의 디스크 공간을 확보하세요. 취소는 언제나 가능합니다.");
            case "KEYS_UNAVAILABLE" ->
                new Remedy(
                        "check the disk of the gateway's data folder and its log, then try again.",
                        "게이트웨이 데이터 폴더의 디스크와 로그를 확인한 뒤 다시 시도하세요.");
            case "BATCH_FAILED" -> new Remedy("the details below have each order's reason.", "아래에서 주문마다 이유를 확인하세요.");
            case "BROKER_REJECTED" ->
                new Remedy("the message of KIS below names the reason.", "아래 KIS 메시지에서 이유를 확인하세요.");
            case "RETRY_EXHAUSTED", "NOT_SENT" ->
                new Remedy(
                        "the order never reached KIS; check ./kis status, then place it again.",
                        "주문이 KIS에 전달되지 않았습니다. ./kis status를 확인하고 다시 주문하세요.");
            case "INTERNAL_ERROR" -> new Remedy("search the gateway's log for the trace.", "게이트웨이 로그에서 trace 값을 찾으세요.");
            case "JOURNAL_UNAVAILABLE" -> journalUnavailable(error, key.isPresent(), withKey, repeatedKey);
            default ->
                error.path("retryable").asBoolean(false)
                        ? new Remedy(
                                "try again" + retryDelay(error) + withKey + ".",
                                koreanDelay(error) + repeatedKey + "다시 시도하세요.")
                        : CHANGE_REQUEST;
        };
    }

    private static Remedy journalUnavailable(JsonNode error, boolean hasKey, String withKey, String repeatedKey) {
        if (error.path("details").path("kill_switch").asBoolean(false)) {
            return new Remedy(
                    "this gateway sends nothing more; repeat the command until it is done, and check the broker's list"
                            + " yourself.",
                    "이 게이트웨이는 더 이상 주문을 보내지 않습니다. 완료될 때까지 명령을 반복하고 증권사 주문 내역을 직접 확인하세요.");
        }
        return hasKey
                ? new Remedy(
                        "it is unknown whether it was done; repeat the command" + withKey
                                + ", under which it cannot be done twice.",
                        "처리 여부를 알 수 없습니다. " + repeatedKey + "명령을 반복하세요. 두 번 처리되지 않습니다.")
                : new Remedy(
                        "it is unknown whether it was done; check, then repeat it.",
                        "처리 여부를 알 수 없습니다. 확인한 뒤 다시 실행하세요.");
    }

    private static String setting(JsonNode error) {
        return settingName(error).orElse("the key that the message names");
    }

    private static String koreanSetting(JsonNode error) {
        return settingName(error).map(name -> name + " 값을").orElse("메시지에 적힌 키를");
    }

    private static Optional<String> settingName(JsonNode error) {
        return Optional.of(error.path("details").path("setting").asString("")).filter(name -> !name.isEmpty());
    }

    private static String retryDelay(JsonNode error) {
        long seconds = retrySeconds(error);
        return seconds == 0 ? "" : " in " + seconds + " s";
    }

    private static String koreanDelay(JsonNode error) {
        long seconds = retrySeconds(error);
        return seconds == 0 ? "" : seconds + "초 뒤 ";
    }

    private static long retrySeconds(JsonNode error) {
        return Math.ceilDiv(error.path("retry_after_ms").asLong(0), 1_000L);
    }
}

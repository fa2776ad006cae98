package kr.kisgateway.api.error;

import java.util.Arrays;
import java.util.Optional;

/**
 * Every error code of the API, with its cause and its remedy in English and Korean. {@code docs/ERRORS.md} is written from
 * this table by {@code ./kis openapi}.
 */
public enum ErrorCode {
    // The request itself.
    MALFORMED_JSON(
            400,
            false,
            Actor.CALLER,
            "The body is not JSON, repeats a member, or carries NaN.",
            "본문이 JSON이 아니거나, 항목이 중복되거나, NaN이 있습니다.",
            Remedy.CHANGE_REQUEST),
    MISSING_FIELD(400, false, Actor.CALLER, "A required field is absent.", "필수 항목이 없습니다.", Remedy.CHANGE_REQUEST),
    INVALID_FIELD(
            400,
            false,
            Actor.CALLER,
            "A field, path, header or query value has the wrong type, form or range.",
            "항목, 경로, 헤더 또는 조회 조건의 형식이나 범위가 맞지 않습니다.",
            Remedy.CHANGE_REQUEST),
    UNKNOWN_FIELD(400, false, Actor.CALLER, "A field that does not exist.", "존재하지 않는 항목입니다.", Remedy.CHANGE_REQUEST),
    NOT_FOUND(404, false, Actor.CALLER, "No such path.", "존재하지 않는 경로입니다.", Remedy.CHECK_VERSIONS),
    METHOD_NOT_ALLOWED(
            405,
            false,
            Actor.CALLER,
            "The path exists, the method does not.",
            "경로는 있으나 허용되지 않는 메서드입니다.",
            Remedy.CHECK_VERSIONS),
    BODY_TOO_LARGE(
            413,
            false,
            Actor.CALLER,
            "The body is larger than the gateway accepts.",
            "본문이 허용 크기를 넘습니다.",
            new Remedy("send less in one request.", "한 번에 더 적게 요청하세요.")),
    UNSUPPORTED_MEDIA_TYPE(
            415,
            false,
            Actor.CALLER,
            "A body that is not `application/json`.",
            "본문이 `application/json`이 아닙니다.",
            new Remedy(
                    "send the body as Content-Type: application/json.", "본문을 Content-Type: application/json으로 보내세요.")),
    ORIGIN_REFUSED(
            403,
            false,
            Actor.CALLER,
            "The request came from a page of another site, or for a host name that is not this machine's.",
            "다른 사이트의 페이지에서 왔거나 이 컴퓨터의 호스트 이름이 아닌 요청입니다.",
            new Remedy(
                    "set --url or GATEWAY_URL to an address of the gateway itself, as http://127.0.0.1:8890.",
                    "--url이나 GATEWAY_URL을 http://127.0.0.1:8890처럼 게이트웨이의 주소로 설정하세요.")),
    UNAUTHENTICATED(
            401,
            false,
            Actor.CALLER,
            "The call needs an API key that exists, is valid and is permitted for the caller's address.",
            "호출자의 주소에서 쓸 수 있는 유효한 API 키가 필요합니다.",
            new Remedy(
                    "set GATEWAY_API_KEY to a key; ./kis keys create NAME makes one where the gateway's data folder is.",
                    "GATEWAY_API_KEY에 키를 설정하세요. 키는 게이트웨이의 데이터 폴더가 있는 곳에서 ./kis keys create NAME으로 만듭니다.")),
    FORBIDDEN(
            403,
            false,
            Actor.OPERATOR,
            "The key's role, accounts or symbols do not allow it.",
            "키의 역할, 계좌 또는 종목 범위에서 허용되지 않습니다.",
            new Remedy(
                    "use a key whose role, accounts and symbols allow it; ./kis keys list shows them.",
                    "역할, 계좌, 종목이 허용된 키를 쓰세요. ./kis keys list로 확인할 수 있습니다.")),
    CSRF_TOKEN_WRONG(
            403,
            false,
            Actor.CALLER,
            "A changing call by a login lacks the header X-CSRF-Token, or it is wrong.",
            "로그인으로 하는 변경 호출에 X-CSRF-Token 헤더가 없거나 맞지 않습니다.",
            new Remedy(
                    "reload the page; a program sends its API key instead of the cookie.",
                    "페이지를 새로 고치세요. 프로그램은 쿠키 대신 API 키를 보내세요.")),
    API_VERSION_OFF(
            404,
            false,
            Actor.OPERATOR,
            "This version of the API is switched off (`AEGIS_API_V31`).",
            "이 API 버전은 꺼져 있습니다(`AEGIS_API_V31`).",
            new Remedy(
                    "use /api/v3.0, or set AEGIS_API_V31=true in .env or gateway.yaml: a running gateway follows it.",
                    "/api/v3.0을 사용하거나 .env 또는 gateway.yaml에 AEGIS_API_V31=true를 설정하세요. 실행 중에 적용됩니다.")),
    LOCKED_OUT(
            429,
            true,
            Actor.CALLER,
            "Too many wrong keys came from this address.",
            "이 주소에서 잘못된 키가 너무 많이 왔습니다.",
            new Remedy("wait{delay}, then use the right key or token.", "잠시 기다린 뒤 올바른 키나 토큰을 쓰세요.")),
    KEY_NAME_TAKEN(
            409,
            false,
            Actor.CALLER,
            "A key has or had this name.",
            "이 이름은 다른 키가 쓰고 있거나 썼던 이름입니다.",
            new Remedy(
                    "choose another name; ./kis keys list shows those in use.",
                    "다른 이름을 고르세요. ./kis keys list로 확인합니다.")),
    KEY_NOT_FOUND(
            404,
            false,
            Actor.CALLER,
            "No such key, or it was revoked already.",
            "키가 없거나 이미 폐기되었습니다.",
            new Remedy("./kis keys list shows the keys.", "./kis keys list로 키를 확인하세요.")),
    KEYS_UNAVAILABLE(
            503,
            true,
            Actor.OPERATOR,
            "The file of the keys cannot be read or written.",
            "키 파일을 읽거나 쓸 수 없습니다.",
            new Remedy(
                    "check the disk of the gateway's data folder and its log, then try again.",
                    "게이트웨이 데이터 폴더의 디스크와 로그를 확인한 뒤 다시 시도하세요.")),
    AUDIT_UNAVAILABLE(
            503,
            true,
            Actor.OPERATOR,
            "The audit cannot be read or written; a call that changes something and cannot be recorded is not made.",
            "감사 기록을 읽거나 쓸 수 없습니다. 기록할 수 없는 변경 요청은 처리하지 않습니다.",
            new Remedy(
                    "check the disk of the gateway's data folder and its log, then try again; cancels and the kill switch pass.",
                    "게이트웨이 데이터 폴더의 디스크와 로그를 확인한 뒤 다시 시도하세요. 취소와 킬 스위치는 처리됩니다.")),
    ALERT_NOT_FOUND(
            404,
            false,
            Actor.CALLER,
            "No alert of this event about this subject persists.",
            "이 event와 subject의 진행 중인 알림이 없습니다.",
            new Remedy(
                    "./kis alerts shows event and subject of each alert; one that is settled needs no acknowledgement.",
                    "./kis alerts로 알림의 event와 subject를 확인하세요. 해소된 알림은 확인할 필요가 없습니다.")),
    SILENCE_NOT_FOUND(
            404,
            false,
            Actor.CALLER,
            "There is no silence of this number, or it has ended.",
            "이 번호의 알림 중지가 없거나 이미 끝났습니다.",
            new Remedy("./kis alerts silence lists them.", "./kis alerts silence로 목록을 확인하세요.")),
    CHANNEL_NOT_FOUND(
            404,
            false,
            Actor.CALLER,
            "No channel of alerts.yaml has this name.",
            "alerts.yaml에 이 이름의 채널이 없습니다.",
            new Remedy("the message names the channels of the file that is in force.", "메시지에 현재 파일의 채널 이름이 있습니다.")),
    ALERTS_UNAVAILABLE(
            503,
            true,
            Actor.OPERATOR,
            "The file of alerts cannot be written, or answers too slowly; what was requested may be in force until a restart.",
            "알림 파일에 쓸 수 없거나 응답이 늦습니다. 요청한 내용은 재시작 전까지만 유효할 수 있습니다.",
            new Remedy(
                    "check the disk of the gateway's data folder and its log, then repeat the request.",
                    "게이트웨이 데이터 폴더의 디스크와 로그를 확인한 뒤 다시 요청하세요.")),
    WEBHOOK_NOT_FOUND(
            404,
            false,
            Actor.CALLER,
            "No such webhook, or webhooks are off; for an alert also a wrong secret or an address that is not allowed.",
            "웹훅이 없거나 꺼져 있습니다. 알림의 경우 비밀값이 틀렸거나 허용되지 않은 주소일 수도 있습니다.",
            new Remedy(
                    "./kis webhook list shows the webhooks and whether alerts are accepted (GATEWAY_WEBHOOKS).",
                    "./kis webhook list로 웹훅과 수신 여부(GATEWAY_WEBHOOKS)를 확인하세요.")),
    WEBHOOK_NAME_TAKEN(
            409,
            false,
            Actor.CALLER,
            "A webhook has this name.",
            "이 이름의 웹훅이 이미 있습니다.",
            new Remedy(
                    "choose another name, or delete that webhook first: ./kis webhook delete NAME.",
                    "다른 이름을 고르거나 ./kis webhook delete NAME으로 먼저 삭제하세요.")),
    WEBHOOK_KEY_INVALID(
            403,
            false,
            Actor.OPERATOR,
            "The API key of the webhook does not exist, has expired, was revoked, may not order, or not from this address.",
            "웹훅의 API 키가 없거나, 만료 또는 폐기되었거나, 주문 권한이 없거나, 이 주소에서 쓸 수 없습니다.",
            new Remedy(
                    "create the webhook again with a valid key; ./kis keys list shows the keys.",
                    "유효한 키로 웹훅을 다시 만드세요. ./kis keys list로 키를 확인합니다.")),
    WEBHOOK_ALERT_EXPIRED(
            409,
            false,
            Actor.CALLER,
            "The alert's time is outside the webhook's replay window: it is old, repeated later, or a clock is wrong.",
            "알림 시각이 웹훅의 허용 범위를 벗어났습니다. 오래되었거나 나중에 다시 보낸 알림이거나 시계가 맞지 않습니다.",
            new Remedy(
                    "send alerts at once with their time; nothing was ordered for this one.",
                    "알림을 시각과 함께 바로 보내세요. 이 알림으로는 주문하지 않았습니다.")),
    WEBHOOKS_UNAVAILABLE(
            503,
            true,
            Actor.OPERATOR,
            "The webhooks cannot be written.",
            "웹훅을 저장할 수 없습니다.",
            new Remedy(
                    "check the disk of the gateway's data folder, or the database of a cluster, and the gateway's log, then try again.",
                    "게이트웨이 데이터 폴더의 디스크(클러스터면 데이터베이스)와 로그를 확인한 뒤 다시 시도하세요.")),
    WATCHLIST_NOT_FOUND(
            404,
            false,
            Actor.CALLER,
            "The caller has no watchlist with this name.",
            "이 이름의 관심 종목 목록이 없습니다.",
            new Remedy("the page lists the names of your watchlists.", "화면에서 관심 종목 목록의 이름을 확인하세요.")),
    WATCHLISTS_UNAVAILABLE(
            503,
            true,
            Actor.OPERATOR,
            "The watchlists cannot be written.",
            "관심 종목을 저장할 수 없습니다.",
            new Remedy(
                    "check the disk of the gateway's data folder, or the database of a cluster, and the gateway's log, then try again.",
                    "게이트웨이 데이터 폴더의 디스크(클러스터면 데이터베이스)와 로그를 확인한 뒤 다시 시도하세요.")),
    SIMULATOR_UNAVAILABLE(
            503,
            true,
            Actor.OPERATOR,
            "The simulator that the gateway uses does not answer.",
            "게이트웨이가 쓰는 시뮬레이터가 응답하지 않습니다.",
            new Remedy(
                    "check that the process at SIMULATOR_URL runs; an embedded one ends with the gateway.",
                    "SIMULATOR_URL의 프로세스가 실행 중인지 확인하세요. 내장 시뮬레이터는 게이트웨이와 함께 끝납니다.")),
    OPERATOR_TOKEN_REQUIRED(
            400,
            false,
            Actor.OPERATOR,
            "The operator call came without `X-Operator-Token`.",
            "운영자 호출에 `X-Operator-Token`이 없습니다.",
            new Remedy(
                    "set GATEWAY_OPERATOR_TOKEN to the operator's token that the gateway was started with.",
                    "GATEWAY_OPERATOR_TOKEN을 게이트웨이를 시작할 때 쓴 운영자 토큰으로 설정하세요.")),
    OPERATOR_TOKEN_WRONG(
            401,
            false,
            Actor.OPERATOR,
            "The operator token is wrong.",
            "운영자 토큰이 맞지 않습니다.",
            new Remedy(
                    "GATEWAY_OPERATOR_TOKEN here and at the gateway must be the same.",
                    "여기와 게이트웨이의 GATEWAY_OPERATOR_TOKEN이 같아야 합니다.")),
    QUOTA_EXCEEDED(
            429,
            true,
            Actor.NONE,
            "Too many simultaneous requests of this client or of all.",
            "이 클라이언트 또는 전체의 동시 요청이 너무 많습니다.",
            Remedy.TRY_AGAIN),
    INTERNAL_ERROR(
            500,
            false,
            Actor.OPERATOR,
            "A defect of the gateway; the log has the trace id.",
            "게이트웨이의 결함입니다. 로그에 추적 ID가 있습니다.",
            new Remedy("search the gateway's log for the trace.", "게이트웨이 로그에서 trace 값을 찾으세요.")),

    // Market data.
    INVALID_SYMBOL(400, false, Actor.CALLER, "Not the form of a symbol.", "종목코드 형식이 아닙니다.", Remedy.FIND_SYMBOL),
    SYMBOL_NOT_FOUND(
            404,
            false,
            Actor.CALLER,
            "A valid form that no market lists.",
            "어느 시장에도 상장되지 않은 종목코드입니다.",
            Remedy.FIND_SYMBOL),
    REST_RATE_LIMIT_COOLDOWN(
            503,
            true,
            Actor.NONE,
            "KIS refused for its call rate and nothing is cached.",
            "KIS가 호출 한도 초과로 거부했고 저장된 값이 없습니다.",
            Remedy.TRY_AGAIN),
    QUOTE_UNAVAILABLE(503, true, Actor.NONE, "No source has a value.", "어느 출처에도 값이 없습니다.", Remedy.TRY_AGAIN),
    UNSUPPORTED_BY_SOURCE(
            501,
            false,
            Actor.CALLER,
            "The source of market data does not provide this, and never will: paper trading lacks rankings, for one.",
            "시세원이 제공하지 않는 데이터입니다. 예: 모의투자에는 순위가 없습니다.",
            new Remedy(
                    "nothing changes by repeating it: this source does not offer it, the message names what is missing.",
                    "이 시세원이 제공하지 않으므로 다시 요청해도 같습니다. 메시지에서 이유를 확인하세요.")),
    UPSTREAM_TIMEOUT(504, true, Actor.NONE, "KIS did not answer in time.", "KIS가 제때 응답하지 않았습니다.", Remedy.TRY_AGAIN),
    QUEUE_TIMEOUT(
            503,
            true,
            Actor.NONE,
            "The call budget cannot serve the request before its deadline; nothing was sent.",
            "호출 한도로 인해 기한 안에 요청을 처리할 수 없습니다. 아무것도 전송하지 않았습니다.",
            Remedy.TRY_AGAIN),
    REGISTRATIONS_FULL(
            503,
            true,
            Actor.CALLER,
            "All registrations that KIS allows are in use.",
            "KIS가 허용하는 실시간 등록을 모두 사용 중입니다.",
            new Remedy(
                    "end subscriptions that are no longer needed; ./kis why SYMBOL explains who has them.",
                    "필요 없는 구독을 해지하세요. ./kis why SYMBOL로 이유를 확인합니다.")),

    // Bars, history, jobs.
    BARS_UNAVAILABLE(503, true, Actor.NONE, "No source has the bars now.", "지금은 어느 출처에도 봉이 없습니다.", Remedy.TRY_AGAIN),
    CREDENTIALS_MISSING(
            503,
            false,
            Actor.OPERATOR,
            "The source needs a key, and none is set.",
            "출처에 필요한 키가 설정되지 않았습니다.",
            new Remedy(
                    "set {setting} where the gateway runs, and start it again.",
                    "게이트웨이가 실행되는 곳에 {setting} 설정하고 다시 시작하세요.")),
    CREDENTIALS_REFUSED(
            503,
            false,
            Actor.OPERATOR,
            "The source does not accept the configured key, or not for this.",
            "출처가 설정된 키를 받아들이지 않거나 이 용도로 허용하지 않습니다.",
            new Remedy(
                    "check {setting} where the gateway runs, and start it again; ./kis doctor --live checks the keys of KIS.",
                    "게이트웨이가 실행되는 곳에서 {setting} 확인하고 다시 시작하세요. KIS 키는 ./kis doctor --live로 점검합니다.")),
    RECORDING_NOT_FOUND(
            404,
            false,
            Actor.CALLER,
            "No such recording, or not one of yours.",
            "녹화가 없거나 본인의 녹화가 아닙니다.",
            new Remedy("./kis ticks list shows the recordings.", "./kis ticks list로 녹화를 확인하세요.")),
    JOB_NOT_FOUND(
            404,
            false,
            Actor.CALLER,
            "No such job, or it is no longer retained.",
            "작업이 없거나 더 이상 보관하지 않습니다.",
            new Remedy("./kis jobs list shows the jobs that are retained.", "./kis jobs list로 작업을 확인하세요.")),
    JOBS_UNAVAILABLE(
            503,
            true,
            Actor.NONE,
            "Jobs cannot be listed now: too many requests, or their file cannot be read in time.",
            "요청이 많거나 파일을 제때 읽을 수 없어 작업 목록을 조회할 수 없습니다.",
            Remedy.TRY_AGAIN),

    HISTORY_UNAVAILABLE(
            503,
            true,
            Actor.OPERATOR,
            "The files of past bars and ticks cannot be written now: another gateway still writes them, or their storage is not mounted.",
            "과거 봉과 틱 파일을 지금은 쓸 수 없습니다. 다른 게이트웨이가 아직 쓰고 있거나 저장소가 마운트되어 있지 않습니다.",
            new Remedy(
                    "wait until the other gateway has ended, or mount the folder of HISTORY_URL; ./kis cluster shows the gateways.",
                    "다른 게이트웨이가 끝나기를 기다리거나 HISTORY_URL의 폴더를 마운트하세요. ./kis cluster로 게이트웨이를 확인합니다.")),

    // Stream.
    CURSOR_UNKNOWN(
            409,
            false,
            Actor.CALLER,
            "The events after this journal cursor are not, or no longer, available completely: start with a snapshot.",
            "이 커서 이후의 이벤트가 전부 남아 있지 않습니다. 스냅샷부터 시작해야 합니다.",
            new Remedy("begin again without a cursor.", "커서 없이 처음부터 다시 요청하세요.")),

    // Portfolio.
    ACCOUNT_NOT_FOUND(
            404,
            false,
            Actor.CALLER,
            "No such account alias.",
            "존재하지 않는 계좌 별칭입니다.",
            new Remedy(
                    "use the alias of an account that the gateway has; the account of KIS_ACCOUNT_NO is A1.",
                    "게이트웨이에 있는 계좌 별칭을 쓰세요. KIS_ACCOUNT_NO의 계좌는 A1입니다.")),
    PORTFOLIO_PROVIDER_NOT_CONFIGURED(
            503,
            false,
            Actor.OPERATOR,
            "No source of balances is configured.",
            "잔고 출처가 설정되지 않았습니다.",
            new Remedy(
                    "set KIS_ACCOUNT_NO and the keys of KIS where the gateway runs, and start it again.",
                    "게이트웨이가 실행되는 곳에 KIS_ACCOUNT_NO와 KIS 키를 설정하고 다시 시작하세요.")),
    PORTFOLIO_PROVIDER_UNAVAILABLE(
            503, true, Actor.NONE, "The source of balances does not answer.", "잔고 출처가 응답하지 않습니다.", Remedy.TRY_AGAIN),

    // The contract of an order.
    INVALID_SIDE(
            400,
            false,
            Actor.CALLER,
            "The side is neither BUY nor SELL.",
            "매매구분이 BUY도 SELL도 아닙니다.",
            Remedy.CHANGE_REQUEST),
    INVALID_QTY(
            400,
            false,
            Actor.CALLER,
            "The quantity is not a whole number of shares in the accepted range.",
            "주문수량이 허용 범위의 정수가 아닙니다.",
            Remedy.CHANGE_REQUEST),
    INVALID_PRICE(
            400,
            false,
            Actor.CALLER,
            "The price is not a whole number of won in the accepted range.",
            "주문가격이 허용 범위의 원 단위 정수가 아닙니다.",
            Remedy.CHANGE_REQUEST),
    INVALID_ORDER_TYPE(
            400,
            false,
            Actor.CALLER,
            "There is no such order type, session, time in force or venue, or not together; the message names the nearest.",
            "없는 주문 유형·세션·유효 조건·거래소이거나 함께 쓸 수 없는 조합입니다. 가능한 가장 가까운 조합은 메시지에 있습니다.",
            Remedy.CHANGE_REQUEST),
    PRICE_REQUIRED_FOR_LIMIT(
            400,
            false,
            Actor.CALLER,
            "An order whose type has a price, without one.",
            "가격이 필요한 주문 유형에 가격이 없습니다.",
            Remedy.CHANGE_REQUEST),
    PRICE_NOT_ALLOWED_FOR_MARKET(
            400,
            false,
            Actor.CALLER,
            "An order whose type has no price, with one.",
            "가격이 없는 주문 유형에 가격이 있습니다.",
            Remedy.CHANGE_REQUEST),
    IDEMPOTENCY_KEY_REQUIRED(
            400,
            false,
            Actor.CALLER,
            "The request needs an idempotency key and has none.",
            "멱등키가 필요한 요청에 멱등키가 없습니다.",
            new Remedy("repeat the command with --key and a text of your own.", "--key에 원하는 글자를 넣어 다시 실행하세요.")),
    IDEMPOTENCY_KEY_BODY_MISMATCH(
            409,
            false,
            Actor.CALLER,
            "The key was used for another order; nothing was done.",
            "다른 주문에 쓴 멱등키입니다. 아무것도 처리하지 않았습니다.",
            new Remedy(
                    "use another --key, or none: each command then has a new one.",
                    "다른 --key를 쓰거나 생략하세요. 생략하면 명령마다 새 키를 만듭니다.")),
    IDEMPOTENCY_IN_FLIGHT(
            409,
            true,
            Actor.NONE,
            "The first request with this key is still being decided.",
            "같은 멱등키의 첫 요청이 아직 처리 중입니다.",
            Remedy.TRY_AGAIN),
    ORDER_NOT_FOUND(
            404,
            false,
            Actor.CALLER,
            "No such order, or not one that the key may see.",
            "주문이 없거나 이 키로 조회할 수 없는 주문입니다.",
            new Remedy("./kis orders list shows the orders there are.", "./kis orders list로 주문을 확인하세요.")),
    INVALID_TRANSITION(
            400,
            false,
            Actor.CALLER,
            "The order's state does not allow the request.",
            "주문 상태에서 허용되지 않는 요청입니다.",
            Remedy.CHECK_ORDER),
    ORDER_ALREADY_TERMINAL(409, false, Actor.CALLER, "The order has ended.", "이미 종료된 주문입니다.", Remedy.CHECK_ORDER),

    // Risk: refused before anything was recorded or sent.
    KILL_SWITCH(
            400,
            false,
            Actor.OPERATOR,
            "The kill switch is on; cancels pass.",
            "킬 스위치가 켜져 있습니다. 취소는 가능합니다.",
            new Remedy(
                    "./kis kill-switch status shows why it is on; ./kis kill-switch off ends it (operator); cancels are always accepted.",
                    "./kis kill-switch status로 이유를 확인하고, 운영자가 ./kis kill-switch off로 해제합니다. 취소는 언제나 가능합니다.")),
    READ_ONLY(
            400,
            false,
            Actor.OPERATOR,
            "The gateway accepts no orders (`GATEWAY_READ_ONLY`); cancels pass.",
            "게이트웨이가 주문을 받지 않습니다(`GATEWAY_READ_ONLY`). 취소는 가능합니다.",
            new Remedy(
                    "start the gateway without GATEWAY_READ_ONLY=true to place orders; cancels are always accepted.",
                    "주문하려면 GATEWAY_READ_ONLY=true 없이 게이트웨이를 시작하세요. 취소는 언제나 가능합니다.")),
    LIVE_DISABLED(
            400,
            false,
            Actor.OPERATOR,
            "Live trading is not allowed, or not for this account.",
            "실전투자 주문이 허용되지 않았거나 이 계좌에 허용되지 않았습니다.",
            new Remedy(
                    "set what the message names where the gateway runs, and start it again.",
                    "게이트웨이가 실행되는 곳에 메시지에 적힌 항목을 설정하고 다시 시작하세요.")),
    CREDIT_DISABLED(
            400,
            false,
            Actor.OPERATOR,
            "Buying on credit is not allowed by this gateway.",
            "이 게이트웨이는 신용융자 매수를 허용하지 않습니다.",
            new Remedy(
                    "omit credit to buy with cash, or set KIS_CREDIT=true where the gateway runs, and start it again.",
                    "credit 을 빼고 현금으로 매수하거나, 게이트웨이가 실행되는 곳에 KIS_CREDIT=true를 설정하고 다시 시작하세요.")),
    INVALID_CREDIT(
            400,
            false,
            Actor.CALLER,
            "There is no such loan for this order: type, side, symbol or loan date do not fit, or it borrows stock.",
            "이 주문에 쓸 수 없는 신용거래입니다. 유형·매매구분·종목·대출일이 맞지 않거나 대주입니다.",
            Remedy.CHANGE_REQUEST),
    DRY_RUN_REQUIRED(
            400,
            false,
            Actor.CALLER,
            "The account has no recorded dry run, which its first live order needs.",
            "첫 실전 주문 전에 필요한 모의 점검 기록이 이 계좌에 없습니다.",
            new Remedy(
                    "send an order of this account with \"dry_run\": true first.",
                    "먼저 이 계좌의 주문을 \"dry_run\": true로 보내세요.")),
    DAILY_LIMIT_EXCEEDED(
            400,
            false,
            Actor.OPERATOR,
            "The day's orders, or what they may cost, are used up.",
            "하루 주문 건수나 하루 매수 금액을 모두 사용했습니다.",
            Remedy.STAY_WITHIN_LIMIT),
    MAX_QTY_EXCEEDED(
            400,
            false,
            Actor.CALLER,
            "Too many shares in one order.",
            "주문 한 건의 수량이 한도를 넘습니다.",
            Remedy.STAY_WITHIN_LIMIT),
    NOTIONAL_LIMIT_EXCEEDED(
            400,
            false,
            Actor.CALLER,
            "Too many won in one order, or no price to evaluate it.",
            "주문 한 건의 금액이 한도를 넘거나 평가할 가격이 없습니다.",
            Remedy.STAY_WITHIN_LIMIT),
    SYMBOL_RESTRICTED(
            400,
            false,
            Actor.CALLER,
            "On a deny list, not on an allow list, halted, under administration or with an exchange warning.",
            "금지 목록에 있거나, 허용 목록에 없거나, 거래정지, 관리종목 또는 시장경보 종목입니다.",
            new Remedy(
                    "./kis limits shows the lists in force, ./kis instrument SYMBOL halts and warnings.",
                    "./kis limits로 허용·금지 목록을, ./kis instrument SYMBOL로 거래정지와 경고를 확인하세요.")),
    PRICE_OUT_OF_LIMITS(
            400, false, Actor.CALLER, "Outside the day's price limits.", "상하한가를 벗어난 가격입니다.", Remedy.CHANGE_REQUEST),
    INVALID_TICK_SIZE(
            400,
            false,
            Actor.CALLER,
            "The price is off the tick table; details name the nearest valid prices.",
            "호가단위에 맞지 않는 가격입니다. 상세 정보에 가까운 유효 가격이 있습니다.",
            Remedy.CHANGE_REQUEST),
    PRICE_COLLAR(
            400, false, Actor.CALLER, "Too far from the last price.", "현재가에서 너무 먼 가격입니다.", Remedy.STAY_WITHIN_LIMIT),
    OFFSET_NOT_DEFINED(
            400,
            false,
            Actor.CALLER,
            "No price offset is defined for this kind of instrument.",
            "이 종목의 시장에는 자동 가격(offset)이 정의되어 있지 않습니다.",
            Remedy.CHANGE_REQUEST),
    SELF_CROSS(
            400,
            false,
            Actor.CALLER,
            "It could trade with an open order of the same account.",
            "같은 계좌의 미체결주문과 체결될 수 있습니다.",
            new Remedy(
                    "cancel the order of the other side first; ./kis orders list --status open shows it.",
                    "반대쪽 주문을 먼저 취소하세요. ./kis orders list --status open으로 확인합니다.")),
    OUT_OF_TRADING_WINDOW(
            400,
            false,
            Actor.CALLER,
            "The exchange accepts no such order now.",
            "지금은 거래소가 받지 않는 주문입니다.",
            new Remedy(
                    "wait for the exchange's hours; ./kis market shows the session.",
                    "장 운영 시간에 주문하세요. ./kis market으로 확인합니다.")),
    INSUFFICIENT_POSITION_QTY(
            400,
            false,
            Actor.CALLER,
            "Fewer shares may be sold.",
            "매도 가능 수량이 부족합니다.",
            new Remedy(
                    "sell less, or cancel an open sell; ./kis positions shows what is held.",
                    "수량을 줄이거나 미체결 매도를 취소하세요. ./kis positions로 확인합니다.")),
    POSITION_PROVIDER_UNAVAILABLE(
            503,
            true,
            Actor.NONE,
            "The position, the cash or the day's result is unknown, and unknown counts as unsafe.",
            "보유수량, 예수금 또는 당일 손익을 알 수 없어 안전하지 않은 것으로 봅니다.",
            Remedy.TRY_AGAIN),
    POSITION_LIMIT_EXCEEDED(
            400,
            false,
            Actor.CALLER,
            "The account would have too much of the symbol.",
            "계좌의 종목 보유 한도를 넘게 됩니다.",
            Remedy.STAY_WITHIN_LIMIT),
    INSUFFICIENT_CASH(
            400,
            false,
            Actor.CALLER,
            "The reported cash, less what earlier orders take, does not cover it.",
            "앞선 주문을 뺀 주문가능금액이 부족합니다.",
            new Remedy(
                    "buy less, or cancel an open buy; ./kis balance shows what is left to spend.",
                    "수량을 줄이거나 미체결 매수를 취소하세요. ./kis balance로 확인합니다.")),
    DAILY_LOSS_LIMIT(
            400,
            false,
            Actor.OPERATOR,
            "The account lost too much today; sells pass.",
            "당일 손실 한도를 넘었습니다. 매도는 가능합니다.",
            Remedy.STAY_WITHIN_LIMIT),
    ORDER_RATE_LIMIT(
            429, true, Actor.NONE, "Too many orders in the last second.", "최근 1초간 주문이 너무 많습니다.", Remedy.TRY_AGAIN),
    NOT_READY(
            503,
            true,
            Actor.OPERATOR,
            "The gateway cannot trade now; details name the blockers. Nothing was recorded; cancels still pass.",
            "지금은 주문할 수 없습니다. 상세 정보에 차단 사유가 있습니다. 아무것도 기록하지 않았으며 취소는 가능합니다.",
            new Remedy(
                    "wait until the blockers are gone, ./kis status shows them; cancels are always accepted.",
                    "차단 사유가 사라질 때까지 기다리세요. ./kis status로 확인합니다. 취소는 언제나 가능합니다.")),
    BATCH_FAILED(
            400,
            false,
            Actor.CALLER,
            "No order of a batch was accepted; details have each one's reason and the old system's code 901.",
            "일괄 주문이 한 건도 접수되지 않았습니다. 상세 정보에 주문별 사유와 이전 시스템의 코드 901이 있습니다.",
            new Remedy("the details below have each order's reason.", "아래에서 주문마다 이유를 확인하세요.")),

    // How an order ended.
    BROKER_REJECTED(
            400,
            false,
            Actor.CALLER,
            "KIS refused the order.",
            "KIS가 주문을 거부했습니다.",
            new Remedy("the message of KIS below names the reason.", "아래 KIS 메시지에서 이유를 확인하세요.")),
    RETRY_EXHAUSTED(
            400,
            false,
            Actor.CALLER,
            "KIS did not accept the order in the allowed number of attempts.",
            "KIS가 허용된 시도 횟수 안에 주문을 받지 않았습니다.",
            Remedy.PLACE_AGAIN),
    NOT_SENT(
            400,
            false,
            Actor.CALLER,
            "The order's `dispatch_by` passed before it was sent.",
            "주문을 전송하기 전에 `dispatch_by`가 지났습니다.",
            Remedy.PLACE_AGAIN),

    // The journal.
    DISK_LOW(
            503,
            true,
            Actor.OPERATOR,
            "The journal's disk is nearly full, so no new order is accepted; nothing was recorded, and cancels still pass.",
            "저널 디스크가 거의 가득 차 신규 주문을 받지 않습니다. 아무것도 기록하지 않았으며 취소는 가능합니다.",
            new Remedy(
                    "free space on the disk of the gateway's data folder; cancels are always accepted.",
                    "게이트웨이 데이터 폴더의 디스크 공간을 확보하세요. 취소는 언제나 가능합니다.")),
    JOURNAL_UNAVAILABLE(
            503,
            true,
            Actor.CALLER,
            "The journal cannot be written: the outcome is unknown, repeat with the same key.",
            "저널에 쓸 수 없습니다. 처리 여부를 알 수 없으므로 같은 멱등키로 반복해야 합니다.",
            new Remedy(
                    "it is unknown whether it was done; repeat the command{key}, under which it cannot be done twice.",
                    "처리 여부를 알 수 없습니다. {key}명령을 반복하세요. 두 번 처리되지 않습니다.")),
    NO_OWNER(
            503,
            true,
            Actor.CALLER,
            "No gateway of the cluster owns the accounts at the moment, or this one cannot reach it. Nothing was done.",
            "지금 계좌를 맡은 게이트웨이가 없거나 이 게이트웨이에서 접속할 수 없습니다. 처리된 것은 없습니다.",
            new Remedy(
                    "repeat the command{key} in a moment, when a gateway has taken over; ./kis cluster shows the owner.",
                    "다른 게이트웨이가 이어받은 뒤 {key}다시 요청하세요. ./kis cluster로 소유 게이트웨이를 확인합니다.")),
    OWNER_UNAVAILABLE(
            503,
            true,
            Actor.CALLER,
            "This gateway passed the call on to the owner of the accounts, whose answer was lost: the outcome is unknown, repeat with the same key.",
            "이 게이트웨이가 계좌를 맡은 게이트웨이에 요청을 전달했으나 응답을 받지 못했습니다. 처리 여부를 알 수 없으므로 같은 멱등키로 반복해야 합니다.",
            new Remedy(
                    "it is unknown whether it was done; repeat the command{key}, under which it cannot be done twice.",
                    "처리 여부를 알 수 없습니다. {key}명령을 반복하세요. 두 번 처리되지 않습니다."));

    /** Who has to act before the same request can succeed. */
    public enum Actor {
        /** The caller: the request, or what it is about, has to change. */
        CALLER,
        /** An operator of the gateway. */
        OPERATOR,
        /** Nothing but time. */
        NONE
    }

    /**
     * What to do, one sentence in each language with commands of {@code ./kis}. Placeholders: {@code {order}} the order of
     * the request, {@code {key}} its idempotency key, {@code {wait}} and {@code {delay}} the time until a retry,
     * {@code {setting}} the setting that is missing or wrong.
     */
    public record Remedy(String english, String korean) {
        private static final Remedy TRY_AGAIN = new Remedy("try again{wait}{key}.", "{wait}{key}다시 시도하세요.");
        private static final Remedy CHANGE_REQUEST = new Remedy(
                "change what the message names; the same request is refused again.",
                "메시지에 적힌 값을 고쳐 다시 요청하세요. 같은 요청은 다시 거절됩니다.");
        private static final Remedy STAY_WITHIN_LIMIT = new Remedy(
                "stay within the limit that ./kis limits shows; an operator changes it with ./kis limits set.",
                "./kis limits의 한도 안에서 주문하세요. 한도는 운영자가 ./kis limits set으로 바꿉니다.");
        private static final Remedy CHECK_VERSIONS = new Remedy(
                "check the name or symbol that you gave; if it is right, this ./kis and the gateway at --url (GATEWAY_URL) are of different versions.",
                "입력한 이름이나 종목코드를 확인하세요. 맞다면 ./kis와 --url(GATEWAY_URL)의 게이트웨이 버전이 서로 다릅니다.");
        private static final Remedy FIND_SYMBOL = new Remedy(
                "./kis search NAME finds the code of a company, as in ./kis search 삼성전자; ./kis index shows the main indices.",
                "./kis search 삼성전자처럼 회사 이름으로 종목코드를 찾으세요. 주요 지수는 ./kis index로 확인합니다.");
        private static final Remedy CHECK_ORDER = new Remedy(
                "./kis orders show {order} shows the order's status.", "./kis orders show {order}로 주문 상태를 확인하세요.");
        private static final Remedy PLACE_AGAIN = new Remedy(
                "the order never reached KIS; check ./kis status, then place it again.",
                "주문이 KIS에 전달되지 않았습니다. ./kis status를 확인하고 다시 주문하세요.");

        /** What to do about a code that this version does not know. */
        public static Remedy ofUnknownCode(boolean retryable) {
            return retryable ? TRY_AGAIN : CHANGE_REQUEST;
        }
    }

    private final int status;
    private final boolean retryable;
    private final Actor actor;
    private final String cause;
    private final String koreanCause;
    private final Remedy remedy;

    ErrorCode(int status, boolean retryable, Actor actor, String cause, String koreanCause, Remedy remedy) {
        this.status = status;
        this.retryable = retryable;
        this.actor = actor;
        this.cause = cause;
        this.koreanCause = koreanCause;
        this.remedy = remedy;
    }

    /** The code of this name; empty for one of another version. */
    public static Optional<ErrorCode> of(String name) {
        return Arrays.stream(values()).filter(code -> code.name().equals(name)).findFirst();
    }

    /** The HTTP status of an answer with this code. */
    public int status() {
        return status;
    }

    /** Whether the same request may succeed later. */
    public boolean retryable() {
        return retryable;
    }

    /** Who has to act. */
    public Actor actor() {
        return actor;
    }

    /** What is wrong, in English. */
    public String cause() {
        return cause;
    }

    /** What is wrong, in Korean. */
    public String koreanCause() {
        return koreanCause;
    }

    /** What to do. */
    public Remedy remedy() {
        return remedy;
    }
}

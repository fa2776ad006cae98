package kr.kisgateway.client.settings;

import static kr.kisgateway.client.settings.Form.ACCOUNT;
import static kr.kisgateway.client.settings.Form.ADDRESS;
import static kr.kisgateway.client.settings.Form.BYTES;
import static kr.kisgateway.client.settings.Form.COUNT;
import static kr.kisgateway.client.settings.Form.DAYS;
import static kr.kisgateway.client.settings.Form.DURATION;
import static kr.kisgateway.client.settings.Form.FLAG;
import static kr.kisgateway.client.settings.Form.HOURS;
import static kr.kisgateway.client.settings.Form.KEYWORD;
import static kr.kisgateway.client.settings.Form.LIMIT;
import static kr.kisgateway.client.settings.Form.NAMES;
import static kr.kisgateway.client.settings.Form.PATH;
import static kr.kisgateway.client.settings.Form.PORT;
import static kr.kisgateway.client.settings.Form.SECONDS;
import static kr.kisgateway.client.settings.Form.SECRET;
import static kr.kisgateway.client.settings.Form.SECRET_ADDRESS;
import static kr.kisgateway.client.settings.Form.SYMBOLS;
import static kr.kisgateway.client.settings.Form.TEXT;
import static kr.kisgateway.client.settings.Form.TIME_OF_DAY;
import static kr.kisgateway.client.settings.Reader.CLI;
import static kr.kisgateway.client.settings.Reader.GATEWAY;
import static kr.kisgateway.client.settings.Reader.LAUNCHER;
import static kr.kisgateway.client.settings.Reader.SDK;
import static kr.kisgateway.client.settings.Reader.SIMULATOR;

import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import kr.kisgateway.market.NearestWord;

/**
 * The table of all settings. A constant is the name in the environment; in {@code gateway.yaml} {@code QUOTE_STALE_AFTER} is
 * {@code quote.stale-after}, on the command line {@code --quote-stale-after}. A row has the chapter, the form with its unit,
 * the default, the meaning in English and Korean, and its readers; one without readers is accepted, and has no effect
 * in this version. A default of three parts applies in sim, mock and live; the text explains an empty one.
 */
public enum Setting {
    KIS_ENV(
            SettingGroup.BROKER,
            KEYWORD,
            "",
            "sim (simulator), mock (paper trading) or live (real money). Unset: mock with KIS_MOCK=true or"
                    + " KIS_USE_VIRTUAL_SERVER=true, sim without credentials; credentials alone stop the start.",
            "sim(시뮬레이터), mock(모의투자), live(실전투자). 비우면 KIS_MOCK 또는 KIS_USE_VIRTUAL_SERVER 가 true 일 때 mock,"
                    + " 앱키가 없으면 sim 이며, 앱키만 있으면 시작하지 않습니다.",
            GATEWAY,
            CLI,
            SDK),
    KIS_MOCK(
            SettingGroup.BROKER,
            FLAG,
            "",
            "true means KIS_ENV=mock; false does not mean live.",
            "true 는 KIS_ENV=mock 과 같습니다. false 가 live 를 뜻하지는 않습니다.",
            GATEWAY,
            SDK),
    KIS_USE_VIRTUAL_SERVER(SettingGroup.BROKER, FLAG, "", "The same as KIS_MOCK.", "KIS_MOCK 과 같습니다.", GATEWAY, SDK),
    DATA_SOURCE_TYPE(
            SettingGroup.BROKER,
            KEYWORD,
            "",
            "Where market data comes from: kis, krx or mock (the simulator). In the gateway kis needs mock or live, mock"
                    + " starts the simulator in place of paper trading and is refused with live, krx is refused because the"
                    + " exchange publishes no prices of the running day.",
            "시세 출처: kis, krx, mock(시뮬레이터). 게이트웨이에서 kis 는 mock 또는 live 가 필요하고, mock 은 모의투자 대신 시뮬레이터를"
                    + " 쓰며 live 와 함께 쓸 수 없고, krx 는 당일 시세가 없어 쓸 수 없습니다.",
            GATEWAY,
            SDK),
    SIMULATOR_URL(
            SettingGroup.BROKER,
            ADDRESS,
            "",
            "A simulator on this machine that was started by ./kis simulator, as http://127.0.0.1:8892; then none is"
                    + " embedded.",
            "./kis simulator 로 실행한 같은 컴퓨터의 시뮬레이터 주소. 지정하면 내장 시뮬레이터를 쓰지 않습니다.",
            GATEWAY,
            SDK),

    KIS_APP_KEY(SettingGroup.CREDENTIALS, SECRET, "", "App key of KIS.", "KIS 앱키.", GATEWAY, SDK),
    KIS_APP_SECRET(SettingGroup.CREDENTIALS, SECRET, "", "App secret of KIS.", "KIS 앱시크릿.", GATEWAY, SDK),
    KIS_ACCOUNT_NO(
            SettingGroup.CREDENTIALS,
            ACCOUNT,
            "",
            "The account behind alias A1, as 12345678-01.",
            "별칭 A1 의 계좌번호. 예: 12345678-01.",
            GATEWAY,
            SDK),
    KIS_ACCOUNT_NUMBER(
            SettingGroup.CREDENTIALS,
            ACCOUNT,
            "",
            "Another spelling of KIS_ACCOUNT_NO.",
            "KIS_ACCOUNT_NO 의 다른 이름.",
            GATEWAY,
            SDK),
    KIS_CANO(
            SettingGroup.CREDENTIALS,
            ACCOUNT,
            "",
            "The first eight digits of the account number.",
            "계좌번호 앞 8자리.",
            GATEWAY,
            SDK),
    KIS_ACNT_PRDT_CD(
            SettingGroup.CREDENTIALS,
            TEXT,
            "",
            "The last two digits of the account number. Unset: those of KIS_ACCOUNT_NO, else 01.",
            "계좌번호 뒤 2자리. 비우면 KIS_ACCOUNT_NO 의 값, 없으면 01.",
            GATEWAY,
            SDK),
    KIS_HTS_ID(
            SettingGroup.CREDENTIALS,
            SECRET,
            "",
            "The HTS login ID of the execution notices.",
            "체결통보를 받는 HTS 로그인 ID.",
            GATEWAY,
            SDK),
    KIS_MOCK_APP_KEY(
            SettingGroup.CREDENTIALS,
            SECRET,
            "",
            "App key of paper trading; takes precedence over KIS_APP_KEY in mock.",
            "모의투자 앱키. mock 에서 KIS_APP_KEY 보다 우선합니다.",
            GATEWAY,
            SDK),
    KIS_MOCK_APP_SECRET(
            SettingGroup.CREDENTIALS, SECRET, "", "App secret of paper trading.", "모의투자 앱시크릿.", GATEWAY, SDK),
    KIS_MOCK_CANO(
            SettingGroup.CREDENTIALS,
            ACCOUNT,
            "",
            "The first eight digits of the paper account.",
            "모의투자 계좌번호 앞 8자리.",
            GATEWAY,
            SDK),
    KIS_MOCK_ACNT_PRDT_CD(
            SettingGroup.CREDENTIALS,
            TEXT,
            "01",
            "The last two digits of the paper account.",
            "모의투자 계좌번호 뒤 2자리.",
            GATEWAY,
            SDK),
    TOKEN_ROTATION(
            SettingGroup.CREDENTIALS,
            TEXT,
            "expiry",
            "expiry uses an access token until five minutes before it expires (one KIS message a day); a"
                    + " time from 6h to 24h requests another one at that age.",
            "expiry 는 접근토큰을 만료 5분 전까지 씁니다(알림톡 하루 한 번). 6h~24h 를 지정하면 그 시간마다 새로 발급받습니다.",
            GATEWAY,
            SDK),
    KIS_TOKEN_DIR(
            SettingGroup.CREDENTIALS,
            PATH,
            "",
            "Folder of the SDK's encrypted tokens. Unset: tokens in GATEWAY_CONFIG_DIR. The gateway's token"
                    + " is in its data folder.",
            "SDK 가 암호화된 토큰을 두는 폴더. 비우면 GATEWAY_CONFIG_DIR 아래 tokens. 게이트웨이의 토큰은 데이터 폴더에 있습니다.",
            SDK),
    KIS_TOKEN_KEY(
            SettingGroup.CREDENTIALS,
            SECRET,
            "",
            "Key that encrypts the SDK's stored token, 16 characters or more. Unset: master.key in"
                    + " GATEWAY_CONFIG_DIR.",
            "SDK 토큰을 암호화하는 키(16자 이상). 비우면 GATEWAY_CONFIG_DIR 의 master.key.",
            SDK),

    KIS_API_BASE_URL_REAL(
            SettingGroup.ADDRESSES,
            ADDRESS,
            "",
            "REST of live trading; http to this machine only. Unset: KIS's own.",
            "실전투자 REST 주소. 비우면 KIS 주소.",
            GATEWAY,
            SDK),
    KIS_API_BASE_URL_VIRTUAL(
            SettingGroup.ADDRESSES,
            ADDRESS,
            "",
            "REST of paper trading; http to this machine only. Unset: KIS's own.",
            "모의투자 REST 주소. 비우면 KIS 주소.",
            GATEWAY,
            SDK),
    KIS_WS_URL_LIVE(
            SettingGroup.ADDRESSES,
            ADDRESS,
            "",
            "WebSocket of live trading. Unset: KIS's own.",
            "실전투자 웹소켓 주소. 비우면 KIS 주소.",
            GATEWAY,
            SDK),
    KIS_WS_URL_MOCK(
            SettingGroup.ADDRESSES,
            ADDRESS,
            "",
            "WebSocket of paper trading. Unset: KIS's own.",
            "모의투자 웹소켓 주소. 비우면 KIS 주소.",
            GATEWAY,
            SDK),

    KIS_API_RATE_LIMIT(
            SettingGroup.CALLS,
            COUNT,
            "",
            "Calls a second; above what KIS allows on the day it is capped with a warning. Unset: what KIS allows.",
            "초당 호출 수. KIS 한도보다 크면 경고하고 한도를 씁니다. 비우면 KIS 한도.",
            GATEWAY,
            SDK),
    KIS_API_QUEUE_TIMEOUT(
            SettingGroup.CALLS,
            DURATION,
            "",
            "How long a query waits for its slot in the call budget before it fails with QUEUE_TIMEOUT; a"
                    + " shorter timeout of the caller applies, and queries that resolve orders are exempt."
                    + " Unset: as long as the caller waits"
                    + " (gateway: prices 3 s, balances 5 s, batches and jobs 60 s; SDK: 30 s).",
            "조회 호출이 순서를 기다리는 최대 시간. 넘으면 QUEUE_TIMEOUT. 비우면 호출별 대기 시간(게이트웨이: 시세 3초, 잔고 5초," + " 일괄 60초, SDK: 30초).",
            GATEWAY,
            SDK),
    KIS_API_CIRCUIT_BREAKER_THRESHOLD(
            SettingGroup.CALLS,
            COUNT,
            "",
            "Consecutive failures of a class of calls (quotations, account, orders) that open its circuit"
                    + " breaker. Unset: half of the"
                    + " last ten; with KIS_HTTP_PROFILE=pipeline five in a row.",
            "이 수만큼 연속 실패하면 해당 종류의 호출을 차단합니다. 비우면 최근 10회 중 절반, pipeline 은 연속 5회.",
            GATEWAY,
            SDK),
    KIS_API_CIRCUIT_BREAKER_TIMEOUT(
            SettingGroup.CALLS,
            DURATION,
            "",
            "How long the breaker stays open before calls are tried again. Unset: 30 s; pipeline 60 s.",
            "차단 후 다시 시도하기까지의 시간. 비우면 30초, pipeline 은 60초.",
            GATEWAY,
            SDK),
    LIMITS_CALLS_PER_DAY(
            SettingGroup.CALLS,
            COUNT,
            "",
            "Calls a day to KIS, of all app keys, of which the daily checklist allows 80 %; it refuses no call. Unset:"
                    + " not judged, KIS publishes no such limit.",
            "하루 KIS 호출 수(모든 앱키). 일일 점검표가 80 % 를 넘는지 확인하며 호출을 막지는 않습니다. 비우면 판정하지 않습니다(KIS는 하루 한도를 공개하지 않습니다).",
            GATEWAY),
    KIS_HTTP_PROFILE(
            SettingGroup.CALLS,
            KEYWORD,
            "standard",
            "standard: 50 connections, 5 s for an answer; pipeline: 20 connections, 30 s for an answer, for bulk reading.",
            "standard: 연결 50개, 응답 5초. pipeline: 연결 20개, 응답 30초(대량 조회용).",
            GATEWAY,
            SDK),
    KIS_RECORD_TO(
            SettingGroup.CALLS,
            PATH,
            "",
            "A new file for the traffic between KIS and the gateway, without secrets.",
            "KIS 와 주고받은 내용을 기록할 새 파일(비밀 정보 제외).",
            GATEWAY),

    KIS_WS_SYMBOLS(
            SettingGroup.REALTIME,
            SYMBOLS,
            "005930",
            "Registered from the start, 40 at most; empty registers none.",
            "시작할 때 등록하는 종목(최대 40개). 빈 값이면 등록하지 않습니다.",
            GATEWAY),
    KIS_WS_SILENCE(
            SettingGroup.REALTIME,
            DURATION,
            "120s",
            "How long KIS may send nothing on the WebSocket before it is reopened.",
            "웹소켓 수신이 이 시간 동안 없으면 다시 연결합니다.",
            GATEWAY,
            SDK),
    KIS_WS_KR_HOURS(
            SettingGroup.REALTIME,
            HOURS,
            "",
            "When Korean registrations are on the sockets. Unset: always.",
            "국내 종목을 등록해 두는 시간대. 비우면 항상.",
            GATEWAY),
    KIS_WS_MARKET_STATUS(
            SettingGroup.REALTIME,
            FLAG,
            "true|false|true",
            "Whether free registrations are used for halts; paper trading does not offer it.",
            "남는 등록을 거래정지 수신에 쓸지 여부. 모의투자는 제공하지 않습니다.",
            GATEWAY),
    KIS_US_FEED(
            SettingGroup.REALTIME,
            KEYWORD,
            "free",
            "US prices: free, or paid (subscribed real-time prices).",
            "미국 시세: free(무료) 또는 paid(유료).",
            GATEWAY),

    GATEWAY_BIND(
            SettingGroup.GATEWAY,
            TEXT,
            "127.0.0.1",
            "Listen address; any but this machine's needs TLS and keys.",
            "수신 주소. 외부 주소에는 TLS 와 API 키가 필요합니다.",
            GATEWAY),
    GATEWAY_PORT(SettingGroup.GATEWAY, PORT, "8890", "Port of the API and the stream.", "API 와 스트림 포트.", GATEWAY, CLI),
    KIS_FACE(
            SettingGroup.GATEWAY,
            FLAG,
            "true|false|false",
            "Whether programs written for KIS may use the gateway in KIS's place, with a virtual app key.",
            "KIS 용 프로그램이 가상 앱키로 게이트웨이를 KIS 처럼 쓸 수 있는지 여부.",
            GATEWAY),
    KIS_FACE_PORT(
            SettingGroup.GATEWAY,
            PORT,
            "",
            "Port that speaks KIS's protocol. Unset: the one after GATEWAY_PORT, 8891.",
            "KIS 프로토콜 포트. 비우면 GATEWAY_PORT 다음 번호(8891).",
            GATEWAY),
    KIS_FACE_QUEUE(
            SettingGroup.GATEWAY,
            DURATION,
            "2s|10s|2s",
            "How long a call of such a program waits for the call budget before it is refused with EGW00201.",
            "이 프로그램의 호출이 EGW00201 로 거절되기 전에 기다리는 시간.",
            GATEWAY),
    GATEWAY_AUTH(
            SettingGroup.GATEWAY,
            KEYWORD,
            "auto",
            "auto: keys are required in live and on other addresses than this machine's; required; off: this machine only.",
            "auto: live 와 외부 주소에서 키 필요. required: 항상. off: 같은 컴퓨터에서만.",
            GATEWAY),
    GATEWAY_OPERATOR_TOKEN(
            SettingGroup.GATEWAY,
            SECRET,
            "",
            "Token of operator calls (X-Operator-Token). Unset: operator keys, and where no key is needed any program.",
            "운영자 호출 토큰(X-Operator-Token). 비우면 operator 키, 키가 필요 없는 곳에서는 모든 프로그램이 쓸 수 있습니다.",
            GATEWAY,
            CLI),
    GATEWAY_WEBHOOKS(
            SettingGroup.GATEWAY,
            FLAG,
            "false",
            "Whether alerts to webhooks are accepted (docs/WEBHOOKS.md).",
            "웹훅 알림을 받을지 여부 (docs/WEBHOOKS.md).",
            GATEWAY),
    MCP_TOOLSETS(
            SettingGroup.GATEWAY,
            TEXT,
            "market,account,operations,kis",
            "Tools that agents are offered at /mcp: some of market, account, operations, kis (docs/AGENTS.md).",
            "에이전트에게 제공할 도구 묶음: market, account, operations, kis 중 일부 (docs/AGENTS.md).",
            GATEWAY),
    MCP_TRADING(
            SettingGroup.GATEWAY,
            FLAG,
            "false",
            "Whether agents are offered tools that place, modify and cancel orders (docs/AGENTS.md).",
            "에이전트에게 주문, 정정, 취소 도구를 제공할지 여부 (docs/AGENTS.md).",
            GATEWAY),
    AEGIS_API_V31(
            SettingGroup.GATEWAY,
            FLAG,
            "true",
            "Whether /api/v3.1 is answered beside /api/v3.0 (docs/AEGIS.md).",
            "/api/v3.0 과 함께 /api/v3.1 에 응답할지 여부 (docs/AEGIS.md).",
            GATEWAY),
    GATEWAY_KEY_RATE(
            SettingGroup.GATEWAY,
            COUNT,
            "1000",
            "Calls a second of an API key that has no quota of its own.",
            "별도 한도가 없는 API 키의 초당 호출 수.",
            GATEWAY),
    GATEWAY_LOGIN_IDLE(
            SettingGroup.GATEWAY,
            DURATION,
            "1h",
            "How long a login of the page lasts after its last call; an open page calls every few seconds.",
            "페이지 로그인이 마지막 호출 뒤 유지되는 시간. 열려 있는 페이지는 몇 초마다 호출합니다.",
            GATEWAY),
    GATEWAY_LOGIN_MAX(
            SettingGroup.GATEWAY,
            DURATION,
            "24h",
            "How long a login of the page lasts in any case.",
            "페이지 로그인이 유지되는 최대 시간.",
            GATEWAY),
    GATEWAY_KEY_PUSH_SHARE(
            SettingGroup.GATEWAY,
            COUNT,
            "50",
            "Percentage of KIS's registrations that the symbols of one API key get before another key's;"
                    + " further symbols are pushed while places are free, else polled.",
            "API 키 하나의 종목이 다른 키보다 먼저 차지하는 실시간 등록의 비율(%). 넘는 종목은 자리가 남을 때만 실시간이고 아니면 조회로 받습니다.",
            GATEWAY),
    GATEWAY_ADDRESS_CONNECTIONS(
            SettingGroup.GATEWAY,
            COUNT,
            "",
            "Connections of one address at once. Unset: 1,200 of this machine, 2,200 at the KIS-compatible"
                    + " port; 300 of another.",
            "주소 하나의 동시 연결 수. 비우면 같은 컴퓨터 1,200(KIS 호환 포트 2,200), 다른 주소 300.",
            GATEWAY),
    GATEWAY_TLS_CERT(
            SettingGroup.GATEWAY,
            PATH,
            "",
            "PEM file of the certificate chain, or a PKCS#12 file (.p12, .pfx) with chain and key; reloaded when it changes.",
            "인증서 체인 PEM 파일, 또는 체인과 개인키가 든 PKCS#12 파일(.p12, .pfx). 바뀌면 다시 읽습니다.",
            GATEWAY),
    GATEWAY_TLS_KEY(
            SettingGroup.GATEWAY,
            PATH,
            "",
            "PEM file of the private key, not encrypted.",
            "암호화하지 않은 개인키 PEM 파일.",
            GATEWAY),
    GATEWAY_TLS_PASSWORD(
            SettingGroup.GATEWAY, SECRET, "", "Password of the PKCS#12 file.", "PKCS#12 파일의 비밀번호.", GATEWAY),
    GATEWAY_TLS_CLIENT_CA(
            SettingGroup.GATEWAY,
            PATH,
            "",
            "PEM file of authorities; every caller then needs a certificate of one of them. Reloaded when it changes.",
            "인증 기관 PEM 파일. 지정하면 모든 호출자에게 이 기관의 인증서가 필요합니다. 바뀌면 다시 읽습니다.",
            GATEWAY),
    NETWORK_EGRESS_ALLOW(
            SettingGroup.GATEWAY,
            NAMES,
            "",
            "Addresses or networks from which KIS may see the gateway; from another one live orders are refused.",
            "KIS가 보는 게이트웨이 주소로 허용할 IP나 대역. 다른 주소에서는 실주문을 거부합니다.",
            GATEWAY),
    NETWORK_ADDRESS_URL(
            SettingGroup.GATEWAY,
            ADDRESS,
            "",
            "A service that answers with the caller's address alone; needed with NETWORK_EGRESS_ALLOW, as KIS does not report it.",
            "호출자의 IP 주소만 응답하는 서비스. KIS는 알려 주지 않으므로 NETWORK_EGRESS_ALLOW 에 필요합니다.",
            GATEWAY),
    GATEWAY_PLAIN_HTTP(
            SettingGroup.GATEWAY,
            FLAG,
            "false",
            "Allows another address without TLS, where a proxy before the gateway encrypts.",
            "앞단 프록시가 암호화할 때 TLS 없이 외부 주소를 허용합니다.",
            GATEWAY),
    GATEWAY_READ_ONLY(
            SettingGroup.GATEWAY,
            FLAG,
            "false",
            "Accepts no order in any environment.",
            "모든 환경에서 주문을 받지 않습니다.",
            GATEWAY),

    GATEWAY_DATA_DIR(
            SettingGroup.FOLDERS,
            PATH,
            "data",
            "Data folder, with a folder for each environment; ~/ is the user's home.",
            "데이터 폴더. 환경별 하위 폴더를 만듭니다. ~/ 는 사용자 홈입니다.",
            GATEWAY,
            CLI),
    GATEWAY_CONFIG_DIR(
            SettingGroup.FOLDERS,
            PATH,
            "~/.config/kis-gateway",
            "Folder of master key and locks, which must be outside the data folder.",
            "마스터 키와 잠금 파일. 데이터와 다른 곳에 두어야 합니다.",
            GATEWAY,
            SDK),
    MASTER_KEY_SOURCE(
            SettingGroup.FOLDERS,
            TEXT,
            "file",
            "Place of the master key, which protects stored secrets: file (master.key in GATEWAY_CONFIG_DIR), env"
                    + " (MASTER_KEY), keyring, aws-kms://KEY, or pkcs11:slot-id=N;object=LABEL?module-path=LIBRARY.",
            "저장된 비밀 정보를 보호하는 마스터 키의 위치: file(GATEWAY_CONFIG_DIR 의 master.key), env(MASTER_KEY), keyring,"
                    + " aws-kms://키, pkcs11:slot-id=N;object=라벨?module-path=라이브러리.",
            GATEWAY),
    MASTER_KEY(
            SettingGroup.FOLDERS,
            SECRET,
            "",
            "The master key where MASTER_KEY_SOURCE is env, 32 characters or more.",
            "MASTER_KEY_SOURCE 가 env 일 때의 마스터 키(32자 이상).",
            GATEWAY),
    MASTER_KEY_PIN(
            SettingGroup.FOLDERS,
            SECRET,
            "",
            "PIN of the PKCS#11 token that MASTER_KEY_SOURCE names.",
            "MASTER_KEY_SOURCE 의 PKCS#11 토큰 PIN.",
            GATEWAY),
    SECRETS_REMIND_AFTER(
            SettingGroup.FOLDERS,
            DAYS,
            "30d",
            "Age of a stored secret at which an alert reminds to replace it.",
            "저장된 비밀 정보가 이만큼 지나면 교체하라는 알림을 냅니다.",
            GATEWAY),
    ALERTS_FILE(
            SettingGroup.FOLDERS,
            PATH,
            "alerts.yaml",
            "File of the rules by which alerts are sent to people (docs/NOTIFICATIONS.md). Without it none is.",
            "알림을 사람에게 보내는 규칙 파일 (docs/NOTIFICATIONS.md). 없으면 보내지 않습니다.",
            GATEWAY),
    ALERTS_INNER_ADDRESSES(
            SettingGroup.GATEWAY,
            FLAG,
            "false",
            "Whether alerts may be sent to addresses inside the network and by plain HTTP.",
            "내부망 주소와 암호화되지 않은 HTTP 로도 알림을 보낼지 여부.",
            GATEWAY),
    JOURNAL_DISK_LOW(
            SettingGroup.FOLDERS,
            BYTES,
            "256MB",
            "Free space below which no order is accepted; 0 never checks.",
            "남은 공간이 이보다 적으면 주문을 받지 않습니다. 0 이면 확인하지 않습니다.",
            GATEWAY),
    JOURNAL_KEEP_DAYS(
            SettingGroup.FOLDERS,
            COUNT,
            "0",
            "Days that journal prune retains, 30 or more; 0 retains everything.",
            "journal prune 이 남기는 일수(30 이상). 0 이면 모두 남깁니다.",
            GATEWAY),
    BACKUP_FOLDER(
            SettingGroup.FOLDERS,
            PATH,
            "",
            "Folder of the daily backups, outside the data folder and best on another disk. Unset: none is made.",
            "매일 백업을 만들 폴더. 데이터 폴더 밖, 가능하면 다른 디스크에 둡니다. 비우면 만들지 않습니다.",
            GATEWAY),
    BACKUP_AT(
            SettingGroup.FOLDERS,
            TIME_OF_DAY,
            "07:30",
            "Time of the daily backup, in Korea.",
            "매일 백업을 만드는 시각(한국 시간).",
            GATEWAY),
    BACKUP_KEEP(
            SettingGroup.FOLDERS, COUNT, "14", "Number of daily backups that are kept.", "남겨 두는 일일 백업의 개수.", GATEWAY),
    LOG_FORMAT(
            SettingGroup.OBSERVATION,
            KEYWORD,
            "text",
            "Form of the log files: text for people, or json, one object a line, for programs (docs/LOGS.md).",
            "로그 파일 형식: 사람이 읽는 text, 프로그램이 읽는 json(한 줄에 객체 하나) (docs/LOGS.md).",
            GATEWAY),
    LOG_FILE_SIZE(
            SettingGroup.OBSERVATION,
            BYTES,
            "20MB",
            "Size at which a log file is closed, compressed and followed by the next; 1MB to 1GB.",
            "로그 파일이 이 크기가 되면 닫아 압축하고 다음 파일을 엽니다. 1MB 에서 1GB 까지.",
            GATEWAY),
    LOG_KEEP_DAYS(
            SettingGroup.OBSERVATION,
            COUNT,
            "14",
            "Days that files of gateway.log are retained; those of security.log are retained for a year.",
            "gateway.log 파일을 보관하는 일수. security.log 는 1년 동안 보관합니다.",
            GATEWAY),
    LOG_TOTAL_SIZE(
            SettingGroup.OBSERVATION,
            BYTES,
            "200MB",
            "Size of all files of gateway.log together; the oldest are deleted first. At least twice LOG_FILE_SIZE.",
            "gateway.log 파일 전체의 크기 한도. 오래된 것부터 지웁니다. LOG_FILE_SIZE 의 두 배 이상이어야 합니다.",
            GATEWAY),
    TRACING_ENDPOINT(
            SettingGroup.OBSERVATION,
            ADDRESS,
            "",
            "Collector of OpenTelemetry traces (OTLP over HTTP), as http://127.0.0.1:4318; without a path /v1/traces is added."
                    + " Unset: no traces (docs/TRACES.md).",
            "OpenTelemetry 추적(OTLP/HTTP) 수집기 주소, 예: http://127.0.0.1:4318. 경로가 없으면 /v1/traces 를 붙입니다."
                    + " 비우면 추적하지 않습니다 (docs/TRACES.md).",
            GATEWAY),
    TRACING_SAMPLE(
            SettingGroup.OBSERVATION,
            TEXT,
            "1",
            "Share of the traces that are recorded, from 0 to 1, where the caller's traceparent does not decide.",
            "기록할 추적의 비율(0~1). 호출한 쪽의 traceparent 가 정한 것은 그대로 따릅니다.",
            GATEWAY),
    TRACING_HEADERS(
            SettingGroup.OBSERVATION,
            SECRET,
            "",
            "Headers for the collector, as Authorization=Bearer abc,X-Tenant=7. They need https, or a collector on this machine.",
            "수집기에 보내는 헤더, 예: Authorization=Bearer abc,X-Tenant=7. https 또는 이 컴퓨터의 수집기에만 보냅니다.",
            GATEWAY),
    KIS_TRACE_HEADER(
            SettingGroup.CALLS,
            FLAG,
            "true",
            "Whether calls to KIS carry X-Trace-Id, which KIS does not document and is assumed to ignore.",
            "KIS 호출에 X-Trace-Id 헤더를 붙일지 여부. KIS 문서에 없는 헤더이며, KIS 가 무시하는 것으로 가정합니다.",
            GATEWAY),
    DATABASE_URL(
            SettingGroup.CLUSTER,
            SECRET_ADDRESS,
            "",
            "A PostgreSQL database with the journal, which several gateways share: one of them owns the accounts. As"
                    + " postgresql://user:password@host:5432/database.",
            "저널을 두고 여러 게이트웨이가 함께 쓰는 PostgreSQL 데이터베이스. 그중 하나가 계좌를 맡습니다. 예:"
                    + " postgresql://user:password@host:5432/database.",
            GATEWAY),
    CLUSTER_NODE(
            SettingGroup.CLUSTER,
            TEXT,
            "",
            "Name of this gateway among those that share the database; its machine's name and port by default.",
            "데이터베이스를 함께 쓰는 게이트웨이 중 이 게이트웨이의 이름. 기본은 컴퓨터 이름과 포트.",
            GATEWAY),
    CLUSTER_ROLE(
            SettingGroup.CLUSTER,
            KEYWORD,
            "any",
            "any: serves callers and takes over when the owner is gone. edge: serves callers and never owns the accounts.",
            "any: 호출에 응답하며 소유자가 멈추면 이어받음. edge: 호출에만 응답하고 계좌를 맡지 않음.",
            GATEWAY),
    CLUSTER_ADDRESS(
            SettingGroup.CLUSTER,
            ADDRESS,
            "",
            "Where the other gateways of the cluster reach this one, as http://10.0.0.1:8890; by default the listen address,"
                    + " or this machine's name where it listens on all.",
            "클러스터의 다른 게이트웨이가 이 게이트웨이에 접속하는 주소. 예: http://10.0.0.1:8890. 기본은 수신 주소이며, 모든 주소에서" + " 수신하면 컴퓨터 이름.",
            GATEWAY),
    CLUSTER_LEASE(
            SettingGroup.CLUSTER,
            DURATION,
            "10s",
            "After how long without a sign of life of the owner another gateway takes over, from 3s to 60s.",
            "소유 게이트웨이의 응답이 끊긴 뒤 다른 게이트웨이가 이어받기까지의 시간(3초~60초).",
            GATEWAY),

    ORDER_WORKER_ENABLED(
            SettingGroup.ORDERS,
            FLAG,
            "true",
            "false suspends dispatch: orders are accepted and end EXPIRED (NOT_SENT).",
            "false 면 주문을 받되 전송하지 않고 EXPIRED(NOT_SENT)로 끝냅니다.",
            GATEWAY),
    ORDER_WORKER_INTERVAL_SEC(
            SettingGroup.ORDERS,
            SECONDS,
            "",
            "Setting of the previous service; dispatch follows events.",
            "이전 서비스의 설정. 주문은 즉시 전송합니다."),
    ORDER_DISPATCH_BY_MARKET(
            SettingGroup.ORDERS,
            DURATION,
            "2s|10s|2s",
            "How long a market order may wait to be sent.",
            "시장가 주문의 전송 대기 한도.",
            GATEWAY),
    ORDER_DISPATCH_BY_LIMIT(
            SettingGroup.ORDERS,
            DURATION,
            "5s|15s|5s",
            "How long a limit order may wait to be sent.",
            "지정가 주문의 전송 대기 한도.",
            GATEWAY),
    ORDER_RECONCILE_EVERY(
            SettingGroup.ORDERS,
            DURATION,
            "5s",
            "How often the broker's list is read while an order is open.",
            "미체결 주문이 있을 때 주문 내역을 조회하는 간격.",
            GATEWAY),
    ORDER_OFFSETS(
            SettingGroup.ORDERS,
            KEYWORD,
            "KOSPI:2,KOSDAQ:3",
            "Percent of the last price by which offset=auto prices a buy below and a sale above it; negative: the other side.",
            "offset=auto 주문의 가격: 현재가보다 매수는 낮게, 매도는 높게 할 비율(%). 음수는 반대쪽.",
            GATEWAY),
    ORDER_VENUE_RULES(
            SettingGroup.ORDERS,
            KEYWORD,
            "halted,refused:8*,slow:2000,volume:1000,price:1",
            "Rules of venue=AUTO in the order in which they decide: halted; refused with KIS codes; slow with milliseconds; volume with"
                    + " shares; price with basis points. none: always KRX where it accepts the order.",
            "venue=AUTO 의 규칙과 순서: halted 거래정지, refused 거부 코드, slow 응답 시간(ms), volume 거래량(주), price 호가 차이(0.01 %). none 이면 접수되는 한 KRX.",
            GATEWAY),
    ORDER_VENUE_HOLD(
            SettingGroup.ORDERS,
            DURATION,
            "60s",
            "How long slow answers and refusals of a venue count.",
            "거래소의 느린 응답과 거부를 규칙에 반영하는 시간.",
            GATEWAY),
    ORDER_COMMISSION(
            SettingGroup.ORDERS,
            KEYWORD,
            "KRX:0.0140527,NXT:0.0140527,US:0.25",
            "Your account's commission in percent: in the cash that orders reserve, previews, realised profit and the price rule.",
            "계좌의 수수료율(%). 주문이 묶는 현금, 미리보기, 실현손익, price 규칙의 계산에 씁니다.",
            GATEWAY),
    PARENT_MISSED_TRIGGER(
            SettingGroup.ORDERS,
            KEYWORD,
            "ask",
            "When the first price after an absence triggers an order: ask holds it and alerts, place places it.",
            "게이트웨이가 멈춘 사이 조건이 충족된 주문: ask 보류하고 알림, place 접수.",
            GATEWAY),
    GATEWAY_KILL_SWITCH(
            SettingGroup.ORDERS,
            FLAG,
            "false",
            "true: no order is placed or modified; cancels pass.",
            "true 면 신규와 정정 주문을 막습니다. 취소는 가능합니다.",
            GATEWAY),
    KIS_LIVE_TRADING(
            SettingGroup.ORDERS,
            FLAG,
            "false",
            "true allows orders in live, of the accounts of KIS_LIVE_ACCOUNTS.",
            "true 면 실전투자 주문을 허용합니다(KIS_LIVE_ACCOUNTS 의 계좌만).",
            GATEWAY),
    KIS_LIVE_ACCOUNTS(
            SettingGroup.ORDERS,
            NAMES,
            "",
            "Aliases of the accounts that may trade in live, as A1.",
            "실전투자 주문을 허용할 계좌 별칭. 예: A1.",
            GATEWAY),

    KIS_CREDIT(
            SettingGroup.ORDERS,
            FLAG,
            "false",
            "true allows buys on credit (margin loans). Sales that repay a loan are always allowed.",
            "true 면 신용융자 매수를 허용합니다. 융자 상환 매도는 항상 가능합니다.",
            GATEWAY),

    RISK_DAILY_ORDERS(
            SettingGroup.RISK,
            LIMIT,
            "10000|50|50",
            "Accepted orders of an account, market and trading day.",
            "계좌·시장·거래일별 주문 수.",
            GATEWAY),
    RISK_MAX_QTY(SettingGroup.RISK, LIMIT, "10000|100|100", "Shares of one BUY.", "매수 주문 한 건의 수량.", GATEWAY),
    RISK_MAX_NOTIONAL(
            SettingGroup.RISK,
            LIMIT,
            "1000000000|10000000|10000000",
            "Won of one BUY of a Korean instrument.",
            "국내 매수 주문 한 건의 금액(원).",
            GATEWAY),
    RISK_MAX_NOTIONAL_USD(
            SettingGroup.RISK,
            LIMIT,
            "none|7000|7000",
            "Dollars of one BUY of a US stock.",
            "미국 주식 매수 주문 한 건의 금액(달러).",
            GATEWAY),
    RISK_DAILY_NOTIONAL(
            SettingGroup.RISK,
            LIMIT,
            "none",
            "Won that a trading day's BUY orders of an account may cost together.",
            "계좌별 하루 국내 매수 금액(원).",
            GATEWAY),
    RISK_DAILY_NOTIONAL_USD(
            SettingGroup.RISK,
            LIMIT,
            "none",
            "Dollars that a trading day's BUY orders of US stocks of an account may cost together.",
            "계좌별 하루 미국 주식 매수 금액(달러).",
            GATEWAY),
    RISK_SELL_MAX_QTY(SettingGroup.RISK, LIMIT, "none", "Shares of one SELL.", "매도 주문 한 건의 수량.", GATEWAY),
    RISK_MAX_POSITION(
            SettingGroup.RISK,
            LIMIT,
            "none",
            "Largest position in a symbol after a BUY, in shares.",
            "종목별 최대 보유 수량.",
            GATEWAY),
    RISK_MAX_POSITION_VALUE(
            SettingGroup.RISK,
            LIMIT,
            "none",
            "Largest position in a Korean symbol after a BUY, in won at the order's price.",
            "국내 종목별 최대 보유 금액(원).",
            GATEWAY),
    RISK_MAX_POSITION_VALUE_USD(
            SettingGroup.RISK,
            LIMIT,
            "none",
            "Largest position in a US symbol after a BUY, in dollars at the order's price.",
            "미국 종목별 최대 보유 금액(달러).",
            GATEWAY),
    RISK_DAILY_LOSS(
            SettingGroup.RISK,
            LIMIT,
            "none",
            "Daily loss of the account in won at which BUYs are refused.",
            "하루 손실이 이 금액(원)에 이르면 매수를 막습니다.",
            GATEWAY),
    RISK_ORDERS_PER_SECOND(
            SettingGroup.RISK,
            LIMIT,
            "none|10|10",
            "Orders and modifications of an account in any second.",
            "계좌별 초당 주문과 정정 수.",
            GATEWAY),
    RISK_COLLAR_PCT(
            SettingGroup.RISK,
            LIMIT,
            "none|none|10",
            "Percent by which a BUY may be above and a SELL below the last price.",
            "현재가에서 벗어날 수 있는 비율(%).",
            GATEWAY),
    RISK_CHECK_CASH(SettingGroup.RISK, FLAG, "true", "BUYs must be covered by cash.", "매수는 예수금 안에서만 가능합니다.", GATEWAY),
    RISK_REFUSE_MANAGED(
            SettingGroup.RISK, FLAG, "true", "No BUY of issues under administration.", "관리종목 매수를 막습니다.", GATEWAY),
    RISK_REFUSE_WARNED(
            SettingGroup.RISK, FLAG, "false", "No BUY of issues with a market warning.", "시장경보 종목 매수를 막습니다.", GATEWAY),
    RISK_REFUSE_SELF_CROSS(
            SettingGroup.RISK,
            FLAG,
            "false|true|true",
            "No order that could trade with an open one of the same account.",
            "같은 계좌의 주문끼리 체결될 주문을 막습니다.",
            GATEWAY),
    RISK_ALLOW(SettingGroup.RISK, SYMBOLS, "", "Only these may be ordered. Unset: all.", "이 종목만 주문할 수 있습니다.", GATEWAY),
    RISK_DENY(SettingGroup.RISK, SYMBOLS, "", "These may not be ordered.", "이 종목은 주문할 수 없습니다.", GATEWAY),

    QUOTE_STALE_AFTER(
            SettingGroup.QUOTES,
            DURATION,
            "5s",
            "Age after which a value without a live feed is STALE.",
            "실시간 수신이 없을 때 이 시간이 지나면 STALE 입니다.",
            GATEWAY),
    QUOTE_HEARTBEAT(
            SettingGroup.QUOTES,
            DURATION,
            "120s",
            "Silence of the socket after which the feed counts as dead.",
            "소켓 수신이 이 시간 동안 없으면 끊긴 것으로 봅니다.",
            GATEWAY),
    QUOTE_COOLDOWN(
            SettingGroup.QUOTES,
            DURATION,
            "3s",
            "No call for a symbol this long after KIS refused for its call rate.",
            "KIS 가 호출 한도로 거절하면 이 시간 동안 그 종목을 조회하지 않습니다.",
            GATEWAY),
    QUOTE_WS_HOURS(
            SettingGroup.QUOTES,
            KEYWORD,
            "regular",
            "When pushed values answer quotes: regular (09:00-15:30) or all sessions.",
            "실시간 값으로 답하는 시간: regular(09:00-15:30) 또는 all.",
            GATEWAY),
    QUOTE_SAFE_VALUE(
            SettingGroup.QUOTES,
            TEXT,
            "none",
            "The answer when no price is available: none, last-close, or prices as 005930:70000,AAPL.NASD:187.5.",
            "가격을 전혀 모를 때: none, last-close, 또는 005930:70000,AAPL.NASD:187.5 형식의 가격.",
            GATEWAY),
    KIS_CACHE_TTL_PRICE(
            SettingGroup.QUOTES,
            SECONDS,
            "",
            "How long a price is answered from the cache. Unset: 1 s in memory, 30 s in Redis.",
            "현재가 캐시 시간. 비우면 메모리 1초, Redis 30초.",
            GATEWAY),
    KIS_CACHE_TTL_ORDERBOOK(
            SettingGroup.QUOTES,
            SECONDS,
            "",
            "The same for an order book. Unset: 1 s in memory, 30 s in Redis.",
            "호가 캐시 시간. 비우면 메모리 1초, Redis 30초.",
            GATEWAY),
    KIS_CACHE_TTL_CHART(
            SettingGroup.QUOTES,
            SECONDS,
            "",
            "The same for today's bars. Unset: 1 s in memory, 30 s in Redis.",
            "당일 차트 캐시 시간. 비우면 메모리 1초, Redis 30초.",
            GATEWAY),
    KIS_CACHE_TTL_STOCK_INFO(
            SettingGroup.QUOTES,
            SECONDS,
            "",
            "Highest age of an issue's limits and flags when an order is validated. Unset: 10 min, in sim"
                    + " any age; in Redis 30 s.",
            "주문 검사에 쓰는 종목 정보의 최대 나이. 비우면 10분, sim 은 제한 없음. Redis 는 30초.",
            GATEWAY),
    KIS_CACHE_TTL_RANKING(SettingGroup.QUOTES, DURATION, "10s", "Rankings.", "순위 캐시 시간.", GATEWAY),
    KIS_CACHE_TTL_INDEX(SettingGroup.QUOTES, DURATION, "2s", "Indices.", "지수 캐시 시간.", GATEWAY),
    KIS_CACHE_TTL_INVESTORS(SettingGroup.QUOTES, DURATION, "60s", "Trading by investors.", "투자자별 매매 캐시 시간.", GATEWAY),
    KIS_CACHE_TTL_NAV(SettingGroup.QUOTES, DURATION, "5s", "Net asset values of ETFs.", "ETF 순자산가치 캐시 시간.", GATEWAY),
    REDIS_URL(
            SettingGroup.QUOTES,
            SECRET_ADDRESS,
            "",
            "A second cache and a lock that several machines share, as redis://host:6379.",
            "여러 컴퓨터가 함께 쓰는 캐시와 잠금. 예: redis://host:6379.",
            GATEWAY),

    GATEWAY_WARM_AT(
            SettingGroup.INSTRUMENTS,
            TIME_OF_DAY,
            "off|08:30|08:30",
            "Time at which frequently used data is prefetched on trading days; off never.",
            "거래일에 자주 쓰는 시세를 미리 받는 시각. off 면 받지 않습니다.",
            GATEWAY),
    GATEWAY_WARM_SYMBOLS(
            SettingGroup.INSTRUMENTS,
            SYMBOLS,
            "",
            "Symbols to prefetch. Unset: the most traded.",
            "미리 받을 종목. 비우면 거래대금 상위.",
            GATEWAY),
    GATEWAY_WARM_TOP(
            SettingGroup.INSTRUMENTS,
            COUNT,
            "100",
            "Number of most traded symbols to prefetch.",
            "거래대금 상위 종목 수.",
            GATEWAY),
    GATEWAY_WARM_TYPES(
            SettingGroup.INSTRUMENTS,
            NAMES,
            "price,chart,info",
            "Data to prefetch for each: price, chart, info.",
            "미리 받을 종류: price, chart, info.",
            GATEWAY),
    KIS_MASTER_URL(
            SettingGroup.INSTRUMENTS,
            ADDRESS,
            "",
            "Folder with the master files, or off. Unset: KIS's own; with a simulator the shipped list.",
            "종목 마스터 파일 주소 또는 off. 비우면 KIS 주소, 시뮬레이터는 내장 목록.",
            GATEWAY,
            SDK),
    KIS_MASTER_REFRESH_AT(
            SettingGroup.INSTRUMENTS,
            TIME_OF_DAY,
            "07:30",
            "Time at which they are downloaded on trading days.",
            "거래일에 마스터 파일을 받는 시각.",
            GATEWAY,
            SDK),
    KRX_AUTH_KEY(
            SettingGroup.INSTRUMENTS,
            SECRET,
            "",
            "Key of the exchange's Open API, for its published days.",
            "한국거래소 Open API 인증키.",
            GATEWAY,
            SDK),
    KRX_API_BASE_URL(
            SettingGroup.INSTRUMENTS,
            ADDRESS,
            "",
            "Another address of the exchange's Open API; http to this machine only.",
            "한국거래소 Open API 의 다른 주소.",
            GATEWAY,
            SDK),
    KRX_CALLS_PER_DAY(
            SettingGroup.INSTRUMENTS,
            COUNT,
            "",
            "Calls a day to it. Unset: what the exchange allows.",
            "한국거래소 하루 호출 수. 비우면 거래소 한도.",
            GATEWAY,
            SDK),
    HISTORY_URL(
            SettingGroup.INSTRUMENTS,
            TEXT,
            "",
            "Folder of past bars and recorded ticks on storage that all gateways of a cluster mount, as file:///mnt/kis or"
                    + " /mnt/kis; in the data folder by default.",
            "과거 봉과 기록한 틱을 두는 폴더. 클러스터의 모든 게이트웨이가 마운트하는 공유 저장소여야 합니다. 예: file:///mnt/kis, /mnt/kis." + " 기본은 데이터 폴더 안.",
            GATEWAY),
    GATEWAY_KEEP_TICKS(
            SettingGroup.INSTRUMENTS, DAYS, "30d", "How long recorded ticks are retained.", "기록한 틱의 보관 기간.", GATEWAY),
    GATEWAY_KEEP_MINUTES(
            SettingGroup.INSTRUMENTS, DAYS, "off", "How long minute bars are retained.", "분봉의 보관 기간.", GATEWAY),

    SIMULATOR_PORT(
            SettingGroup.SIMULATOR,
            PORT,
            "8892",
            "Port of the embedded simulator.",
            "내장 시뮬레이터 포트.",
            GATEWAY,
            SIMULATOR),
    SIMULATOR_SEED(
            SettingGroup.SIMULATOR,
            COUNT,
            "",
            "The market of this number in every folder. Unset: each data folder has a market of its own.",
            "시장의 시드. 비우면 데이터 폴더마다 다른 시장입니다.",
            GATEWAY,
            SIMULATOR),
    SIMULATOR_CLOCK(
            SettingGroup.SIMULATOR,
            KEYWORD,
            "open",
            "open: always open; open-fixed: always the day of the start; real: the exchange's hours; x60@2026-11-17T08:00: the"
                    + " same from then on, 60 times as fast (1 to 60), for gateway and simulator; with /2026-11-28T16:00:00Z at its end, that time is then.",
            "open: 항상 개장, open-fixed: 시작한 날짜 고정, real: 거래소 시간, x60@2026-11-17T08:00: 그 시각부터 60배 빠르게"
                    + "(1~60배, 게이트웨이와 시뮬레이터 모두). 끝에 /2026-11-28T16:00:00Z 를 붙이면 그 실제 시각이 기준입니다.",
            GATEWAY,
            SIMULATOR),
    SIMULATOR_RATE_LIMIT(
            SettingGroup.SIMULATOR,
            COUNT,
            "",
            "Calls a second that it allows and the gateway then uses. Unset: what KIS allows.",
            "시뮬레이터가 허용하는 초당 호출 수. 비우면 KIS 한도.",
            GATEWAY,
            SIMULATOR),
    SIMULATOR_SCENARIO(
            SettingGroup.SIMULATOR,
            TEXT,
            "",
            "Fault scenario: the name of a built-in one, or a YAML file.",
            "장애 시나리오 이름 또는 YAML 파일.",
            GATEWAY,
            SIMULATOR),

    GATEWAY_URL(
            SettingGroup.COMMANDS,
            ADDRESS,
            "",
            "Address of the gateway. Unset: GATEWAY_PORT on this machine, else the gateway of the data folder.",
            "게이트웨이 주소. 비우면 이 컴퓨터의 GATEWAY_PORT, 없으면 데이터 폴더의 게이트웨이.",
            CLI),
    GATEWAY_API_KEY(SettingGroup.COMMANDS, SECRET, "", "API key sent with every call.", "모든 호출에 보내는 API 키.", CLI),
    GATEWAY_CA(
            SettingGroup.COMMANDS,
            PATH,
            "",
            "PEM file of a certificate that no public authority signed.",
            "공인 기관이 서명하지 않은 인증서의 PEM 파일.",
            CLI),
    KIS_COLUMNS(
            SettingGroup.COMMANDS,
            COUNT,
            "",
            "Width of tables and texts in characters. Unset: the terminal's.",
            "표와 문장의 너비(글자 수). 비우면 터미널 너비.",
            GATEWAY,
            CLI),
    KIS_AOT(
            SettingGroup.COMMANDS,
            KEYWORD,
            "on",
            "off builds no cache for quick starts.",
            "off 면 빠른 시작용 캐시를 만들지 않습니다.",
            LAUNCHER),
    KIS_JDK_FOLDERS(
            SettingGroup.COMMANDS,
            PATH,
            "",
            "Folders searched for a JDK. Unset: the usual folders.",
            "JDK 를 찾을 폴더. 비우면 일반적인 위치.",
            LAUNCHER);

    private static final Pattern PREFIXED =
            Pattern.compile("(GATEWAY|KIS|KRX|SIMULATOR|ORDER|RISK|JOURNAL|QUOTE|TRACING|AEGIS)_");

    /** The gateway follows them in {@code .env} and {@code gateway.yaml} while it runs. */
    private static final Set<Setting> RELOADABLE = Collections.unmodifiableSet(EnumSet.of(AEGIS_API_V31));

    private final SettingGroup group;
    private final Form form;
    private final List<String> fallback;
    private final String english;
    private final String korean;
    private final Set<Reader> readers;

    Setting(SettingGroup group, Form form, String fallback, String english, String korean, Reader... readers) {
        this.group = group;
        this.form = form;
        this.fallback = List.of(fallback.split("\\|", -1));
        this.english = english;
        this.korean = korean;
        this.readers = Collections.unmodifiableSet(new TreeSet<>(Arrays.asList(readers)));
    }

    /** Its group. */
    public SettingGroup group() {
        return group;
    }

    /** The form of its value. */
    public Form form() {
        return form;
    }

    /** The default in {@code target}; empty where the meaning explains it. */
    public Optional<String> fallback(Target target) {
        String text = fallback.size() == 1 ? fallback.getFirst() : fallback.get(target.ordinal());
        return Optional.of(text).filter(it -> !it.isEmpty());
    }

    /** Its meaning, in English. */
    public String english() {
        return english;
    }

    /** Its meaning, in Korean. */
    public String korean() {
        return korean;
    }

    /** The programs that read it; none for one without effect in this version. */
    public Set<Reader> readers() {
        return readers;
    }

    /** Whether a running gateway applies a change in {@code .env} or {@code gateway.yaml}; a change of any other needs a restart. */
    public boolean isReloadable() {
        return RELOADABLE.contains(this);
    }

    /** Its name in {@code gateway.yaml}: {@code quote.stale-after}. */
    public String yamlName() {
        String lower = name().toLowerCase(Locale.ROOT);
        int first = lower.indexOf('_');
        return lower.substring(0, first) + '.' + lower.substring(first + 1).replace('_', '-');
    }

    /** The setting named {@code text}: {@code quote.stale-after}, {@code QUOTE_STALE_AFTER} and the like. */
    public static Optional<Setting> of(String text) {
        String plain = text.replace('.', '_').replace('-', '_').toUpperCase(Locale.ROOT);
        return Arrays.stream(values()).filter(name -> name.name().equals(plain)).findFirst();
    }

    /** The warning for an unknown name, with the nearest setting. */
    public static String noSetting(String name) {
        return "There is no setting " + name
                + nearest(name).map(it -> "; did you mean " + it + "? It").orElse("; it") + " is ignored.";
    }

    /** The setting whose name is nearest to {@code name}, of which another spelling counts as none; empty when none is near. */
    public static Optional<Setting> nearest(String name) {
        return NearestWord.of(
                        name.replace('.', '_'),
                        EnumSet.allOf(Setting.class).stream().map(Setting::name).toList())
                .map(Setting::valueOf);
    }

    /** Whether {@code name} has the form of a setting and is none: a misspelt limit without a warning would be no limit. */
    public static boolean isMisspelt(String name) {
        return PREFIXED.matcher(name).lookingAt()
                && EnumSet.allOf(Setting.class).stream()
                        .noneMatch(setting -> setting.name().equals(name));
    }
}

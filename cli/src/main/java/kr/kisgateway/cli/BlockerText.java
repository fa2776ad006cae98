package kr.kisgateway.cli;

import kr.kisgateway.api.error.ErrorCode;
import kr.kisgateway.api.error.ErrorCode.Actor;
import kr.kisgateway.api.error.ErrorCode.Remedy;
import kr.kisgateway.terminal.Screen;

/**
 * Who acts on a blocker of trading, why it stands and what to do. A blocker that is the code of a refusal, too, has the
 * texts of that code where they do not mean one request.
 */
record BlockerText(Actor actor, String cause, String koreanCause, Remedy remedy) {
    static BlockerText of(String blocker) {
        return switch (blocker) {
            case "MISSING_REQUIRED_ENV" ->
                new BlockerText(
                        Actor.OPERATOR,
                        "Live trading needs settings that are not set accordingly.",
                        "실전투자에 필요한 설정이 없습니다.",
                        new Remedy(
                                "set what \"to be set\" below names where the gateway runs, and start it again.",
                                "아래 \"to be set\"의 항목을 게이트웨이가 실행되는 곳에 설정하고 다시 시작하세요."));
            case "LIVE_DISABLED" ->
                new BlockerText(
                        Actor.OPERATOR,
                        ErrorCode.LIVE_DISABLED.cause(),
                        ErrorCode.LIVE_DISABLED.koreanCause(),
                        new Remedy(
                                "set KIS_LIVE_TRADING=true where the gateway runs, name the account in KIS_LIVE_ACCOUNTS,"
                                        + " and start it again.",
                                "게이트웨이가 실행되는 곳에 KIS_LIVE_TRADING=true와 KIS_LIVE_ACCOUNTS의 계좌를 설정하고 다시 시작하세요."));
            case "WS_DISCONNECTED" ->
                new BlockerText(
                        Actor.NONE,
                        "The WebSocket to KIS is not open.",
                        "KIS 웹소켓이 연결되어 있지 않습니다.",
                        new Remedy(
                                "the gateway opens it again by itself; ./kis alerts shows when ten attempts failed.",
                                "게이트웨이가 스스로 다시 연결합니다. 10회 실패하면 ./kis alerts에 표시됩니다."));
            case "WS_ERROR_PRESENT" ->
                new BlockerText(
                        Actor.OPERATOR,
                        "The WebSocket had an error, and was not opened again since.",
                        "웹소켓에 오류가 있었고 그 뒤 다시 연결되지 않았습니다.",
                        new Remedy(
                                "\"last error\" below names it; the next connection ends it, which the gateway opens by itself"
                                        + " unless the socket is connected: then request POST /v1/session/reconnect.",
                                "아래 \"last error\"를 확인하세요. 다시 연결되면 해제됩니다. 연결된 상태라면 POST /v1/session/reconnect로 재접속하세요."));
            case "TOKEN_UNAVAILABLE" ->
                new BlockerText(
                        Actor.NONE,
                        "There is no valid access token of KIS.",
                        "유효한 KIS 접근토큰이 없습니다.",
                        new Remedy(
                                "the gateway requests one by itself; ./kis alerts shows why KIS issued none.",
                                "게이트웨이가 스스로 발급을 요청합니다. 발급되지 않는 이유는 ./kis alerts로 확인하세요."));
            case "NOT_OWNER" ->
                new BlockerText(
                        Actor.OPERATOR,
                        "Another program uses the KIS session of the app key (OPSP8996).",
                        "다른 프로그램이 이 앱키의 KIS 실시간 접속을 사용하고 있습니다(OPSP8996).",
                        new Remedy(
                                "stop the program that uses this app key, or give it an app key of its own; the gateway"
                                        + " then connects by itself. After the machine of a cluster's owner was lost, KIS frees"
                                        + " its session by itself within a minute and a half.",
                                "이 앱키를 쓰는 다른 프로그램을 종료하거나 다른 앱키를 쓰게 하세요. 그러면 게이트웨이가 스스로 연결합니다. 클러스터에서 계좌를 맡던 장비를"
                                        + " 잃은 직후라면 KIS가 1분 반 안에 스스로 접속을 해제합니다."));
            case "EGRESS_ADDRESS" ->
                new BlockerText(
                        Actor.OPERATOR,
                        "The address from which KIS sees the gateway is not known to be one of NETWORK_EGRESS_ALLOW.",
                        "KIS가 보는 게이트웨이의 주소가 NETWORK_EGRESS_ALLOW 에 있는지 확인되지 않았습니다.",
                        new Remedy(
                                "check the route to the internet (VPN, line); ./kis doctor shows the address. The gateway checks"
                                        + " again every ten seconds.",
                                "인터넷 경로(VPN, 회선)를 확인하세요. ./kis doctor 가 주소를 보여 줍니다. 10초마다 다시 확인합니다."));
            case "RECONCILING" ->
                new BlockerText(
                        Actor.NONE,
                        "The broker's list of orders was not read yet.",
                        "증권사 주문 내역을 아직 읽지 못했습니다.",
                        new Remedy(
                                "it takes some seconds; if it persists, ./kis alerts shows why the list cannot be read.",
                                "몇 초 기다리세요. 계속되면 ./kis alerts로 이유를 확인하세요."));
            case "JOURNAL_UNAVAILABLE" ->
                new BlockerText(
                        Actor.OPERATOR,
                        "The journal cannot be written, so no order is accepted.",
                        "저널에 쓸 수 없어 주문을 받지 않습니다.",
                        new Remedy(
                                "check the disk of the gateway's data folder and its log; once it can be written, orders"
                                        + " are accepted again.",
                                "게이트웨이 데이터 폴더의 디스크와 로그를 확인하세요. 쓸 수 있게 되면 주문을 다시 받습니다."));
            default ->
                ErrorCode.of(blocker)
                        .map(code -> new BlockerText(code.actor(), code.cause(), code.koreanCause(), code.remedy()))
                        .orElseGet(() -> new BlockerText(
                                Actor.OPERATOR,
                                "This version of ./kis does not know it.",
                                "이 버전의 ./kis가 모르는 사유입니다.",
                                new Remedy("use the ./kis of the gateway's version.", "게이트웨이와 같은 버전의 ./kis를 쓰세요.")));
        };
    }

    /** Prints the blocker with its cause, and what to do in both languages. */
    static void show(Screen screen, String blocker) {
        var text = of(blocker);
        screen.line("  " + blocker + ": " + text.cause());
        screen.line(
                "    What to do (" + text.actorName() + "): " + text.remedy().english());
        screen.line("    할 일 (" + text.koreanActorName() + "): " + text.koreanCause() + " "
                + text.remedy().korean());
    }

    private String actorName() {
        return switch (actor) {
            case CALLER -> "caller";
            case OPERATOR -> "operator";
            case NONE -> "wait";
        };
    }

    private String koreanActorName() {
        return switch (actor) {
            case CALLER -> "호출자";
            case OPERATOR -> "운영자";
            case NONE -> "대기";
        };
    }
}

package kr.kisgateway.gateway.chat;

import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import kr.kisgateway.gateway.chat.CommandActions.KillResult;
import kr.kisgateway.gateway.chat.CommandCore.Refusal;
import kr.kisgateway.gateway.notification.AlertRules.Language;
import kr.kisgateway.gateway.report.Numbers;

/** Answers to commands, in Korean or English. */
final class CommandText {
    /** Rows of an answer; further ones are counted. */
    private static final int ROWS_MAX = 20;

    private final Language language;

    CommandText(Language language) {
        this.language = language;
    }

    private String choose(String korean, String english) {
        return language == Language.KO ? korean : english;
    }

    String help(boolean changes) {
        return choose(
                        "/status 상태와 진행 중인 경보\n/positions 보유 종목\n/orders 미체결 주문",
                        "/status state and open alerts\n/positions positions\n/orders open orders")
                + (changes ? choose("\n/kill 사유 긴급 정지(확인 코드 필요)", "\n/kill REASON kill switch (needs a code)") : "");
    }

    String status(CommandActions.Status status) {
        var lines = new StringBuilder(choose("환경 ", "environment ")).append(status.environment());
        lines.append('\n')
                .append(
                        status.blockers().isEmpty()
                                ? choose("주문 가능", "can trade")
                                : choose("주문 불가: ", "cannot trade: ") + String.join(", ", status.blockers()));
        status.killSwitch()
                .ifPresent(reason -> lines.append('\n')
                        .append(choose("긴급 정지: ", "kill switch: "))
                        .append(reason));
        lines.append('\n')
                .append(choose("미체결 주문 ", "open orders "))
                .append(status.openOrders())
                .append(choose(", 결과 불명 ", ", unknown "))
                .append(status.unknownOrders());
        lines.append('\n')
                .append(
                        status.alerts().isEmpty()
                                ? choose("진행 중인 경보 없음", "no open alerts")
                                : choose("진행 중인 경보:\n", "open alerts:\n") + rows(status.alerts(), this::alert));
        return lines.toString();
    }

    private String alert(CommandActions.OpenAlert alert) {
        return "[" + alert.level() + "] " + alert.event() + " " + alert.subject()
                + alert.acknowledgedBy()
                        .map(by -> choose(" (확인: " + by + ")", " (noted by " + by + ")"))
                        .orElse("");
    }

    String positions(CommandActions.Positions positions) {
        String rows = positions.positions().isEmpty()
                ? choose("보유 종목이 없습니다.", "No positions.")
                : rows(positions.positions(), this::position);
        return positions.unknown().isEmpty()
                ? rows
                : rows + "\n" + choose("조회하지 못한 계좌: ", "Accounts that could not be queried: ")
                        + String.join(", ", positions.unknown());
    }

    private String position(CommandActions.Position position) {
        return position.account() + " " + position.symbol() + " " + position.name() + " "
                + Numbers.text(position.qty()) + choose("주 · ", " · ") + Numbers.text(position.price())
                + " · " + (position.profit().signum() > 0 ? "+" : "") + Numbers.text(position.profit()) + " "
                + position.currency();
    }

    String orders(List<CommandActions.OpenOrder> orders) {
        return orders.isEmpty() ? choose("미체결 주문이 없습니다.", "No open orders.") : rows(orders, this::order);
    }

    private String order(CommandActions.OpenOrder order) {
        return order.account() + " " + order.symbol() + " " + order.side() + " " + order.filled() + "/" + order.qty()
                + order.price().map(price -> " @" + Numbers.text(price)).orElse(choose(" 시장가", " at the market")) + " "
                + order.status() + "\n  " + order.id();
    }

    String confirm(String code) {
        return choose(
                "긴급 정지를 켜려면 " + CommandCore.CODE_LIFE.toSeconds() + "초 안에 보내세요:\n/confirm " + code,
                "To set the kill switch send within " + CommandCore.CODE_LIFE.toSeconds() + " s:\n/confirm " + code);
    }

    String kill(KillResult result) {
        return switch (result) {
            case ON ->
                choose(
                        "긴급 정지를 켰습니다. 신규 주문과 정정이 막힙니다. 해제는 ./kis kill-switch off",
                        "The kill switch is on: nothing is placed or modified. ./kis kill-switch off lifts it.");
            case ON_NOT_RECORDED ->
                choose(
                        "긴급 정지를 켰으나 저널에 기록하지 못했습니다. 재시작하면 풀릴 수 있습니다.",
                        "The kill switch is on, but could not be recorded: a restart may lift it.");
        };
    }

    String refusal(Refusal why) {
        return switch (why) {
            case UNKNOWN_COMMAND -> choose("모르는 명령입니다. /help", "Unknown command. /help");
            case CHANGES_OFF ->
                choose(
                        "이 봇에서는 변경 명령이 꺼져 있습니다(alerts.yaml 의 changes).",
                        "This bot changes nothing (changes in alerts.yaml).");
            case NO_CODE -> choose("유효한 확인 코드가 없습니다. /kill 부터 다시 보내세요.", "No valid code. Begin with /kill.");
            case WRONG_CODE -> choose("확인 코드가 다릅니다.", "The code is wrong.");
        };
    }

    private <T> String rows(List<T> items, Function<T, String> row) {
        String shown = items.stream().limit(ROWS_MAX).map(row).collect(Collectors.joining("\n"));
        int more = items.size() - ROWS_MAX;
        return more > 0 ? shown + "\n" + choose("… 외 " + more + "건", "… and " + more + " more") : shown;
    }
}

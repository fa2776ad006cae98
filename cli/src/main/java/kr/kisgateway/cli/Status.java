package kr.kisgateway.cli;

import java.util.ArrayList;
import java.util.List;
import kr.kisgateway.api.session.LiveReadiness;
import kr.kisgateway.api.session.SessionCalls;
import kr.kisgateway.api.session.SessionStatus;
import kr.kisgateway.terminal.Screen;
import kr.kisgateway.terminal.Screen.Column;
import kr.kisgateway.terminal.Screen.Pair;
import picocli.CommandLine.Command;

@Command(
        description = "Whether the gateway can trade, and if not why; its session and app keys.%n"
                + "주문할 수 있는 상태인지, 아니라면 그 이유와 세션 상태를 보여 줍니다.")
final class Status extends GatewayCommand {
    Status(Kis kis) {
        super(kis);
    }

    @Override
    int run(GatewayConnection gateway) {
        var readiness = gateway.get(SessionCalls.liveReadiness());
        if (!(readiness instanceof Response.Done<LiveReadiness> ready)) {
            return report(readiness, _ -> {});
        }
        return report(gateway.get(SessionCalls.status()), status -> show(screen(), status, ready.answer()));
    }

    static void show(Screen screen, SessionStatus status, LiveReadiness readiness) {
        screen.line(readiness.canTrade() ? "It can trade." : "It cannot trade.");
        readiness.blockerReasons().forEach(blocker -> BlockerText.show(screen, blocker));
        screen.pairs(List.of(
                new Pair("to be set", String.join(", ", readiness.requiredEnvMissing())),
                new Pair("environment", status.env()),
                new Pair("session", status.state() + ", " + status.owner()),
                new Pair("market", status.market()),
                new Pair("socket", readiness.wsConnected() ? "connected" : "not connected"),
                new Pair("last error", readiness.wsLastError().orElse(""))));
        var rows = new ArrayList<List<String>>();
        for (var key : status.appKeys()) {
            rows.add(List.of(
                    key.id(),
                    key.wsState(),
                    Format.value(key.registrations()) + " of " + Format.value(key.registrationsMax()),
                    Format.value(key.callsLastSecond()) + " of "
                            + Format.value(key.budget().limit()),
                    Format.value(key.budget().refusedByKis()),
                    Format.dateTime(key.tokenExpiresAt())));
        }
        screen.blank();
        screen.table(
                List.of(
                        Column.left("APP KEY"),
                        Column.left("SOCKET"),
                        Column.right("REGISTERED"),
                        Column.right("CALLS A SECOND"),
                        Column.right("REFUSED"),
                        Column.left("TOKEN UNTIL")),
                rows);
    }
}

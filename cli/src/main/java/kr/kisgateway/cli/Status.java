package kr.kisgateway.cli;

import java.util.ArrayList;
import java.util.List;
import kr.kisgateway.terminal.Screen.Column;
import kr.kisgateway.terminal.Screen.Pair;
import picocli.CommandLine.Command;
import tools.jackson.databind.JsonNode;

@Command(
        description = "Whether the gateway can trade, and if not why; its session and app keys.%n"
                + "주문할 수 있는 상태인지, 아니라면 그 이유와 세션 상태를 보여 줍니다.")
final class Status extends GatewayCommand {
    Status(Kis kis) {
        super(kis);
    }

    @Override
    int run(GatewayConnection gateway) {
        Response readiness = gateway.get("/v1/session/live-readiness");
        if (!(readiness instanceof Response.Done ready)) {
            return report(readiness, answer -> {});
        }
        return report(gateway.get("/v1/session/status"), status -> show(status, ready.body()));
    }

    private void show(JsonNode status, JsonNode readiness) {
        boolean trades = readiness.path("can_trade").asBoolean();
        screen().line(trades ? "It can trade." : "It cannot trade.");
        var blockers = new ArrayList<String>();
        readiness.path("blocker_reasons").forEach(reason -> blockers.add(reason.asString("")));
        var missing = new ArrayList<String>();
        readiness.path("required_env_missing").forEach(name -> missing.add(name.asString("")));
        screen().pairs(List.of(
                new Pair("why not", String.join(", ", blockers)),
                new Pair("to be set", String.join(", ", missing)),
                new Pair("environment", Format.text(status, "env")),
                new Pair("session", Format.text(status, "state") + ", " + Format.text(status, "owner")),
                new Pair("market", Format.text(status, "market")),
                new Pair("socket", readiness.path("ws_connected").asBoolean() ? "connected" : "not connected"),
                new Pair("last error", Format.text(readiness, "ws_last_error"))));
        var rows = new ArrayList<List<String>>();
        for (JsonNode key : status.path("app_keys")) {
            rows.add(List.of(
                    Format.text(key, "id"),
                    Format.text(key, "ws_state"),
                    Format.text(key, "registrations") + " of " + Format.text(key, "registrations_max"),
                    Format.text(key, "calls_last_second") + " of " + Format.text(key.path("budget"), "limit"),
                    Format.text(key.path("budget"), "refused_by_kis"),
                    Format.dateTime(key, "token_expires_at")));
        }
        screen().blank();
        screen().table(
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

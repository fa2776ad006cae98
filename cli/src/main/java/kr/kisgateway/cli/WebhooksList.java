package kr.kisgateway.cli;

import java.util.List;
import kr.kisgateway.api.webhook.WebhookCalls;
import kr.kisgateway.api.webhook.Webhooks;
import kr.kisgateway.terminal.Screen.Column;
import picocli.CommandLine.Command;

@Command(description = "The webhooks, and whether alerts are accepted (operator).%n" + "웹훅 목록과 알림 수신 여부를 보여 줍니다 (운영자).")
final class WebhooksList extends GatewayCommand {
    WebhooksList(Kis kis) {
        super(kis);
    }

    static String path(String name) {
        return "/v1/webhooks/" + name;
    }

    @Override
    boolean needsOperator() {
        return true;
    }

    @Override
    int run(GatewayConnection gateway) {
        return report(gateway.get(WebhookCalls.webhooks()), this::show);
    }

    private void show(Webhooks answer) {
        if (!answer.enabled()) {
            screen().line("Alerts are refused: webhooks are off. GATEWAY_WEBHOOKS=true where the gateway runs"
                    + " turns them on (웹훅이 꺼져 있어 알림을 받지 않습니다).");
        }
        if (answer.webhooks().isEmpty()) {
            screen().line("No webhook. ./kis webhook create FILE.json makes one; docs/WEBHOOKS.md has an example.");
            return;
        }
        screen().table(
                        List.of(
                                Column.left("WEBHOOK"),
                                Column.left("KEY"),
                                Column.left("KEY STATE"),
                                Column.left("ORDERS"),
                                Column.left("FROM"),
                                Column.right("A MINUTE"),
                                Column.right("WINDOW")),
                        answer.webhooks().stream()
                                .map(webhook -> List.of(
                                        webhook.name(),
                                        webhook.key(),
                                        webhook.keyState(),
                                        webhook.dryRun() ? "dry run" : "yes",
                                        webhook.networks().isEmpty()
                                                ? "anywhere"
                                                : String.join(", ", webhook.networks()),
                                        Long.toString(webhook.perMinute()),
                                        webhook.replayWindowSec() + " s"))
                                .toList());
    }
}

package kr.kisgateway.cli;

import kr.kisgateway.api.webhook.WebhookCalls;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
        description =
                "Delete a webhook (operator): its alerts are refused at once.%n" + "웹훅을 삭제합니다 (운영자). 알림은 바로 거부됩니다.")
final class WebhookDelete extends GatewayCommand {
    @Parameters(paramLabel = "NAME", description = "the webhook's name")
    private String name = "";

    WebhookDelete(Kis kis) {
        super(kis);
    }

    @Override
    boolean isMutating() {
        return true;
    }

    @Override
    int run(GatewayConnection gateway) {
        // Another one may have been created under the name between two attempts.
        var response = gateway.change(WebhookCalls.delete(name), GatewayConnection.Retry.ONLY_IF_NOT_SENT);
        return report(
                response, answer -> screen().line("Webhook " + answer.name() + " is deleted; its alerts are refused."));
    }
}
